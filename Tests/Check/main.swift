import Glibc
import ModelChecker

// stipple-check [STATES] [plant]: breadth-first over the shipped controller; exit 1 with a shortest trace when a rule breaks.

let states = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let isPlanted = CommandLine.arguments.contains("plant")
let clock = ContinuousClock()
let began = clock.now
let result = ModelChecker(mostStates: states, plant: isPlanted ? .releaseIgnoredWhileDwelling : .none).run()
print(
  "model checker: \(result.states) distinct states, \(result.transitions) transitions, depth \(result.depth), "
    + "\(began.duration(to: clock.now))")
if let finding = result.finding {
  print("BROKEN: \(finding.text)")
  exit(1)
}
