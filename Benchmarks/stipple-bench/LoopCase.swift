import ControlLoop
import StrokeControl
import Units
import VirtualHandpiece

/// The whole loop in virtual time: controller, drive link, snapshot, rings, and the physics it plays against.
enum LoopCase: String, CaseIterable {
  case standby, armed
  case running = "running-100hz"

  struct Result {
    var turns: Int
    var simulated: Nanoseconds
    var taken: Duration
  }

  /// One press may last 120 s: longer stretches are several histories.
  func run(for stretch: Nanoseconds) throws -> Result {
    var whole = Result(turns: 0, simulated: .zero, taken: .zero)
    while whole.simulated < stretch {
      let left = stretch - whole.simulated
      let part = try runOnce(for: left < .seconds(100) ? left : .seconds(100))
      whole.turns += part.turns
      whole.simulated += part.simulated
      whole.taken += part.taken
    }
    return whole
  }

  private func runOnce(for stretch: Nanoseconds) throws -> Result {
    var stage = Stage()
    if self == .standby { try stage.standBy() } else { try stage.arm() }
    if self == .running {
      stage.perform(.pedal(down: true))
      try stage.wait(for: "running") { $0.state == .running }
    }
    let before = stage.loop.machine.wakes
    let start = stage.now
    let taken = ContinuousClock().measure { stage.pass(stretch) }
    let expected: LifecycleState =
      switch self {
      case .standby: .standby
      case .armed: .armed
      case .running: .running
      }
    guard stage.status.state == expected else {
      throw Stage.Failure(description: "the loop left \(rawValue) for \(stage.status.state.name)")
    }
    return Result(turns: stage.loop.machine.wakes - before, simulated: stage.now - start, taken: taken)
  }
}
