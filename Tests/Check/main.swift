import Glibc
import ModelChecker

// stipple-check [STATES] [PLANT]: breadth-first over the shipped controller; exit 1 with a shortest trace when an invariant breaks.
// PLANT names a planted bug, which has to be found.

let states = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let plant = ModelPlant.allCases.first { CommandLine.arguments.contains("\($0)") } ?? .none
let clock = ContinuousClock()
let began = clock.now
let result = ModelChecker(mostStates: states, plant: plant).run()
print(
  "model checker: \(result.states) distinct states from \(ModelChecker.situations.count) situations, "
    + "\(result.transitions) transitions, depth \(result.depth), \(began.duration(to: clock.now))")
for situation in ModelChecker.situations { print("  \(situation)") }
for invariant in ModelInvariant.allCases {
  let count = "\(result.judged[Int(invariant.rawValue)])"
  let padded = String(repeating: " ", count: max(0, 12 - count.count)) + count
  print("  \(padded) judged by \(invariant.name): \(invariant.sentence)")
}
if let finding = result.finding {
  print("BROKEN: \(finding.text)")
  exit(1)
}
