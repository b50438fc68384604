// Measures what needs no daemon: `stipple-bench step CASE STEPS ROUNDS` and `stipple-bench loop CASE SECONDS`.
// Prints one JSON object per line; Scripts/bench.sh gathers them.

import Glibc
import StrokeControl
import Units

func emit(_ fields: KeyValuePairs<String, String>) {
  print("{" + fields.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}")
}

func nanoseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
}

let usage = """
  usage: stipple-bench step \(StepCase.Kind.allCases.map(\.rawValue).joined(separator: "|")) STEPS ROUNDS
         stipple-bench loop \(LoopCase.allCases.map(\.rawValue).joined(separator: "|")) SECONDS
  """

do {
  let words = Array(CommandLine.arguments.dropFirst())
  switch (words.first, words.count) {
  case ("step", 4):
    guard let kind = StepCase.Kind(rawValue: words[1]), let steps = Int(words[2]), let rounds = Int(words[3])
    else {
      print(usage)
      exit(64)
    }
    var measured = try StepCase(kind)
    for _ in 0..<rounds {
      let taken = try ContinuousClock().measure { try measured.run(atLeast: steps) }
      emit([
        "steps": "\(measured.steps)", "strokes": "\(measured.strokes)",
        "ns_per_step": "\(nanoseconds(taken) / Double(max(1, measured.steps)))",
      ])
    }
    emit([
      "controller_bytes": "\(MemoryLayout<Controller>.size)",
      "inputs_bytes": "\(MemoryLayout<StepInputs>.size)",
      "actuation_bytes": "\(MemoryLayout<Actuation>.size)",
      "status_bytes": "\(MemoryLayout<ControllerStatus>.size)",
    ])
  case ("loop", 3):
    guard let loop = LoopCase(rawValue: words[1]), let seconds = Int64(words[2]) else {
      print(usage)
      exit(64)
    }
    let result = try loop.run(for: .seconds(seconds))
    let taken = nanoseconds(result.taken)
    emit([
      "turns": "\(result.turns)", "simulated_s": "\(Double(result.simulated.count) / 1e9)",
      "times_real_time": "\(Double(result.simulated.count) / taken)",
      "ns_per_turn": "\(taken / Double(max(1, result.turns)))",
    ])
  default:
    print(usage)
    exit(64)
  }
} catch {
  print("stipple-bench: \(error)")
  exit(1)
}
