import NeedleSafety
import StrokeControl
import Units

// The invariants of a rotary machine.
extension ModelWorld {
  func judgeCam(_ verdicts: inout ModelVerdicts) {
    let state = controller.publicState
    let hasFault = !controller.hasNoFault
    if torque, memory.isDriven { judgeDriven(&verdicts) }
    if let since = memory.homingSince {
      verdicts.require(
        .homingBounded, now - since <= ModelScript.longestHoming || hasFault,
        "the needle is being brought home for \((now - since).inMilliseconds) ms, and no fault")
    }
    guard torque, state != .calibrating else { return }
    if memory.spinUpSince != nil || memory.slowSince != nil {
      verdicts.require(
        .transitionBounded, memory.revolutions <= ModelScript.cam.transitionRevolutions || hasFault,
        "\(memory.revolutions) revolutions of a spin-up or spin-down, and no fault")
    }
    if let since = memory.spinUpSince ?? (memory.isBraked ? nil : memory.slowSince) {
      verdicts.require(
        .transitionBounded, now - since <= ModelScript.cam.transitionTime || hasFault,
        "\((now - since).inMilliseconds) ms of a spin-up or spin-down, and no fault")
    }
    guard memory.isDriven, memory.spinUpSince == nil else { return }
    let since = memory.left ?? memory.lastReturn ?? now
    let longest = memory.left == nil ? ModelScript.shortestPeriod * 2 : ModelScript.longestAway
    verdicts.require(
      .dwellFaults, now - since <= longest || hasFault,
      "\((now - since).inMicroseconds) µs without an edge of a turning cam, and no fault")
  }

  /// The cam is to turn at the rate of a profile, or already does.
  private func judgeDriven(_ verdicts: inout ModelVerdicts) {
    let state = controller.publicState
    verdicts.require(.spinState, state == .running, "the cam turns on in \(state.name)")
    verdicts.require(.stopEndsStroke, !stopped, "the cam turns on after a stop")
    verdicts.require(.stopEndsStroke, guardOpenSince == nil, "the cam turns on with guard or cartridge open")
    verdicts.require(.releaseEndsStroke, isPressed, "the cam turns on though the pedal is not down")
    verdicts.require(
      .durableIntent, memory.lastSequence < memory.durable,
      "the cam turns on after stroke \(memory.lastSequence), durable through \(memory.durable)")
    guard case .spin(let rate) = scratch.actuation.drive else { return }
    verdicts.require(.spinState, rate <= .hertz(150), "the cam is to turn at \(rate)")
    verdicts.require(.freshPress, runMayStart, "the cam turns without a release and a fresh press")
    verdicts.require(
      .fireNeedsHome, levels.isHigh(.needleHome) && levels.isHigh(.torqueFeedback),
      "the cam starts with the needle not home, or without torque")
  }
}
