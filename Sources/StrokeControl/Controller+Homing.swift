import NeedleSafety
import Units

// Bringing the needle of a rotary machine home that a coast has left out.
extension Controller {
  /// What has to hold before torque may turn the cam towards home.
  @_noLocks mutating func conditionsOfHoming(at now: Instant) -> ArmConditions {
    let needed =
      ArmConditions(.selfTest).rawValue | ArmConditions(.torqueProof).rawValue
      | ArmConditions(.emergencyStopClosed).rawValue | ArmConditions(.guardClosed).rawValue
      | ArmConditions(.cartridgePresent).rawValue
      | ArmConditions(.pedalReleased).rawValue | ArmConditions(.driveLink).rawValue
      | ArmConditions(.driveLimits).rawValue | ArmConditions(.lossOfLink).rawValue
      | ArmConditions(.wakeLatency).rawValue
    return ArmConditions(rawValue: unmetConditions(at: now).rawValue & needed)
  }

  @_noLocks
  mutating func beginHoming(at now: Instant, _ actuation: inout Actuation) -> CommandOutcome {
    guard parameters.drivetrain.isRotary else { return .notOffered }
    switch lifecycle {
    case .standby, .fault: break
    case .booting, .selfTest, .calibrating, .arming, .armed, .running, .stopping:
      return .wrongState(lifecycle.state)
    }
    let unmet = conditionsOfHoming(at: now)
    guard unmet.rawValue == 0 else { return .unmet(unmet) }
    guard otherCausesAreGone(at: now) else { return .causeRemains }
    if cam.isParked, levels.isHigh(.needleHome) { return .done }
    // Still coasting: it has to stand before it is driven again.
    if case .coasting(let since) = cam.phase, now - since < CamEngine.rest { return .causeRemains }
    stateCause = .command
    cam.coast(at: now)
    lifecycle = .calibrating(.raisingTorque(since: now, stays: false))
    return .done
  }

  /// Of all that is latched, only what the needle itself shows may still be there: coming home is how that ends.
  @_noLocks private mutating func otherCausesAreGone(at now: Instant) -> Bool {
    let ofTheNeedle =
      FaultCode.needleStalled.bit | FaultCode.needleUnproved.bit | FaultCode.strokeRateExceeded.bit
      | FaultCode.depthExceeded.bit | FaultCode.dwellExceeded.bit | FaultCode.spinTransition.bit
    var raw: UInt8 = 0
    while let code = FaultCode(rawValue: raw) {
      raw += 1
      guard faults.contains(code), code.bit & ofTheNeedle == 0 else { continue }
      if !causeIsGone(code, at: now) { return false }
    }
    return true
  }
}
