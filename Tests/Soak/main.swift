import Dispatch
import Glibc
import Synchronization
import TreatmentMonitor
import TreatmentSoak
import Units

// stipple-soak [--hours N] [--seed S] [--jobs J] [--replay SEED]: simulated treatments with faults, judged by the monitor.

var hours = 1.0
var firstSeed: UInt64 = 1
var jobs = 1
var replay: UInt64?
var arguments = CommandLine.arguments.dropFirst()
while let name = arguments.popFirst() {
  guard let value = arguments.popFirst() else { usage() }
  switch name {
  case "--hours": hours = Double(value) ?? hours
  case "--seed": firstSeed = UInt64(value) ?? firstSeed
  case "--jobs": jobs = max(1, Int(value) ?? jobs)
  case "--replay": replay = UInt64(value)
  default: usage()
  }
}

func usage() -> Never {
  print("usage: stipple-soak [--hours N] [--seed FIRST] [--jobs N] [--replay SEED]")
  exit(64)
}

if let replay {
  let plan = SoakPlan(seed: replay)
  let result = SoakCampaign.run(plan)
  guard let breach = result.breach else {
    print("seed \(replay): no rule broken; \(result.tally.strokes) strokes, \(result.tally.faults)")
    exit(0)
  }
  print("seed \(replay): \(breach)")
  let shortest = SoakCampaign.shrink(plan, breaking: breach.rule)
  print("shortest plan, \(shortest.steps.count) of \(plan.steps.count) steps:\n\(shortest.text)")
  if let breach = SoakCampaign.run(shortest).breach { print("  => \(breach)") }
  exit(1)
}

let base = firstSeed
let treatments = max(1, Int(hours * 6))
let next = Atomic<Int>(0)
let total = Mutex(SoakTally())
let failed = Mutex<[(UInt64, String)]>([])
let clock = ContinuousClock()
let began = clock.now
let cpuBegan = processSeconds()

DispatchQueue.concurrentPerform(iterations: jobs) { _ in
  while failed.withLock({ $0.isEmpty }) {
    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
    guard number < treatments else { return }
    let seed = base &+ UInt64(number)
    let result = SoakCampaign.run(SoakPlan(seed: seed))
    total.withLock { $0.add(result.tally) }
    if let breach = result.breach { failed.withLock { $0.append((seed, "\(breach)")) } }
  }
}

let tally = total.withLock { $0 }
let simulated = Double(tally.simulated.count) / 1e9
let processor = max(0.001, processSeconds() - cpuBegan)
print(
  """
  soak: \(rounded(simulated / 3_600, 2)) simulated hours in \(treatments) treatments, seeds \(firstSeed)...
    \(tally.turns) turns, \(tally.strokes) strokes (\(tally.rotaryStrokes) on rotary machines), \(tally.dots) dots, \(tally.runs) runs, \(tally.steps) steps of plans
    wall \(began.duration(to: clock.now)), processor \(rounded(processor, 1)) s: \
  \(Int(simulated / processor)) × real time per core
    runs ended: \(tally.ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    in an hour: \(tally.perHour(tally.strokes)) strokes, \(tally.perHour(tally.runs)) runs, \
  \(tally.perHour(tally.faults.values.reduce(0, +))) faults latched, \(tally.perHour(tally.steps)) steps of plans
    \(tally.lostEvents) events lost in full rings and said to be, \(tally.floods) floods of orders, \
  \(tally.refusedOrders) orders refused
    faults: \(tally.faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
  """)
let failures = failed.withLock { $0 }
for (seed, text) in failures {
  print("BROKEN, seed \(seed): \(text)\n  replay and shrink: stipple-soak --replay \(seed)")
}
exit(failures.isEmpty ? 0 : 1)

func rounded(_ value: Double, _ places: Int) -> String {
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  return "\((value * scale).rounded() / scale)"
}
