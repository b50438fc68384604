import NeedleSafety
import StrokeControl
import Units

extension ModelWorld {
  /// The first invariant that the latest step breaks, in a sentence; `nil` when all hold.
  func broken() -> String? { brokenTorque() ?? brokenFire() ?? brokenState() }

  private var torque: Bool {
    outputs.isHigh(.torqueEnableA) || outputs.isHigh(.torqueEnableB)
  }

  private func brokenTorque() -> String? {
    let state = controller.publicState
    if torque, !state.hasTorque { return "torque is on in \(state.name)" }
    if torque, !levels.isHigh(.emergencyStopA) || !levels.isHigh(.emergencyStopB) {
      // An emergency stop that was open before torque could rise is a condition; torque must not be on all the same.
      return "torque is on with an open emergency stop"
    }
    if torque, !levels.isHigh(.driveFaultAbsent) { return "torque is on with the drive's fault line active" }
    if torque, let since = guardOpenSince, state != .selfTest, now - since >= .milliseconds(20) {
      return "torque is on \((now - since).inMilliseconds) ms after the guard or the cartridge opened"
    }
    if overslept, outputs.isHigh(.watchdog) != watchdogBefore {
      return "the watchdog was renewed in the first step after a lapsed lease"
    }
    if overslept, torque { return "torque is on after a lapsed lease" }
    return nil
  }

  private func brokenFire() -> String? {
    guard outputs.isHigh(.fire) else { return nil }
    let state = controller.publicState
    if !outputs.isHigh(.torqueEnableA) || !outputs.isHigh(.torqueEnableB) {
      return "FIRE without both channels"
    }
    if state != .running { return "FIRE is high in \(state.name)" }
    if stopped { return "FIRE is high in the step of a stop" }
    if guardOpenSince != nil { return "FIRE is high with guard or cartridge open" }
    let isPressed = levels.isHigh(.pedalNormallyOpen) && !levels.isHigh(.pedalNormallyClosed)
    if ModelScript.isContinuous(controller), !isPressed { return "FIRE is high though the pedal is not down" }
    if let since = fireSince {
      if now - since >= ModelScript.fireWidth { return "FIRE is high for \((now - since).inMicroseconds) µs" }
      return nil
    }
    // It rose in this step.
    if !levels.isHigh(.needleHome) || levels.isHigh(.needleBottom) {
      return "FIRE rose with the needle not home"
    }
    if !levels.isHigh(.torqueFeedback) { return "FIRE rose without torque" }
    if let last = lastFireRose, now - last < ModelScript.shortestPeriod {
      return "FIRE rose \((now - last).inMicroseconds) µs after the stroke before"
    }
    if !runMayStart { return "FIRE rose without a release and a fresh press" }
    if !ModelScript.isContinuous(controller), strokesThisPress >= ModelScript.strokesPerDot {
      return "a press fired more than \(ModelScript.strokesPerDot) strokes"
    }
    return nil
  }

  private func brokenState() -> String? {
    let state = controller.publicState
    let hasFault = !controller.hasNoFault
    if state == .fault, !hasFault { return "fault, and nothing is latched: no way out" }
    if hasFault, state != .fault, state != .stopping { return "\(state.name) with a latched fault" }
    if deadline <= now { return "the loop is not to sleep" }
    let longest: Nanoseconds = state.hasTorque ? .milliseconds(1) : .milliseconds(10)
    if deadline - now > longest { return "the loop is to sleep for longer than its period" }
    if scratch.actuation.events.dropped > 0 { return "a step had more events than its batch holds" }
    return nil
  }
}
