import NeedleSafety
import StrokeControl
import Units

/// The situations from which the search sets out, each reached by a script that is itself checked.
enum ModelRoot: String, CaseIterable {
  case powerUp = "power-up"
  case standby = "standby, everything ready"
  case raisingTorque = "arming, torque rising"
  case armed = "armed, continuous"
  case extending = "a continuous stroke, FIRE high, needle home still"
  case dwelling = "a continuous stroke, FIRE high, needle at the bottom"
  case retracting = "a continuous stroke, FIRE low, needle out"
  case betweenStrokes = "between two continuous strokes"
  case dotDwelling = "the first stroke of a dot, needle at the bottom"
  case stopping = "stopping after the guard opened, needle out"

  func world() -> ModelWorld {
    var world = ModelWorld(ModelScript.machine)
    if self == .powerUp { return world }
    world.ready(self == .dotDwelling ? .dotSettings : .continuousSettings)
    if self == .standby { return world }
    _ = world.take(.order(.arm))
    if self == .raisingTorque { return world }
    _ = world.take(.toggle(.torqueFeedback))
    for _ in 0..<20 { _ = world.take(.deadline) }
    if self == .armed { return world }
    _ = world.take(.pedal(down: true))
    for _ in 0..<60 where !world.outputs.isHigh(.fire) { _ = world.take(.deadline) }
    if self == .extending { return world }
    _ = world.take(.toggle(.needleHome))
    _ = world.take(.toggle(.needleBottom))
    if self == .dwelling || self == .dotDwelling { return world }
    for _ in 0..<20 where world.outputs.isHigh(.fire) { _ = world.take(.deadline) }
    _ = world.take(.toggle(.needleBottom))
    if self == .retracting { return world }
    if self == .stopping {
      _ = world.take(.toggle(.guardClosed))
      return world
    }
    _ = world.take(.toggle(.needleHome))
    return world
  }
}

extension ModelWorld {
  /// Boots, passes the self-test, and has all that arming needs.
  mutating func ready(_ settings: ModelOrder) {
    _ = take(.deadline)
    // The external watchdog takes torque away 80 ms after its line last changed, as the self-test wants to see.
    var watchdog = outputs.isHigh(.watchdog)
    var fedAt = now
    for _ in 0..<800 {
      if outputs.isHigh(.watchdog) != watchdog {
        watchdog.toggle()
        fedAt = now
      }
      let both =
        outputs.isHigh(.torqueEnableA) && outputs.isHigh(.torqueEnableB) && now - fedAt < .milliseconds(80)
      _ = take(both == levels.isHigh(.torqueFeedback) ? .deadline : .toggle(.torqueFeedback))
      if controller.publicState == .standby, now > Instant(sinceBoot: .seconds(11)) { break }
    }
    for order in [ModelOrder.session, .zone, settings, .vouchAll] { _ = take(.order(order)) }
    grant()
    for _ in 0..<5 { _ = take(.deadline) }
  }

  private mutating func grant() {
    var inputs = StepInputs()
    inputs.levels = levels
    inputs.drive = drive
    inputs.command = Command(identifier: 2, action: .durable(through: 1_000))
    step(inputs)
  }
}
