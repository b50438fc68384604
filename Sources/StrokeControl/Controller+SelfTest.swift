import NeedleSafety
import Units

extension Controller {
  /// The first steps after power-up, and the beginning of every self-test: what must hold before anything is switched.
  @_noLocks mutating func leaveBooting(at now: Instant, _ actuation: inout Actuation) {
    if levels.isHigh(.pedalNormallyOpen), !levels.isHigh(.pedalNormallyClosed) {
      latch(.pedalDownAtPowerUp, at: now, &actuation)
    }
    if levels.isHigh(.torqueFeedback) { latch(.torqueFeedback, at: now, &actuation) }
    guard faults.isEmpty else {
      lifecycle = .fault
      return
    }
    guard selfTestDue else {
      lifecycle = .standby
      return
    }
    selfTestDue = false
    // Torque cannot rise with a loop open, and a needle that is not home is not to be given torque: the test waits.
    guard emergencyStop.isClosed, levels.isHigh(.needleHome), !levels.isHigh(.needleBottom) else {
      lifecycle = .standby
      actuation.events.append(ControlEvent(at: now, kind: .selfTestPutOff))
      return
    }
    lifecycle = .selfTest(TorqueProof(at: now, watchdogWindow: parameters.watchdogWindow))
  }

  @_noLocks
  mutating func advanceSelfTest(_ proof: TorqueProof, at now: Instant, _ actuation: inout Actuation) {
    var proof = proof
    switch proof.advance(to: now, feedback: levels.isHigh(.torqueFeedback)) {
    case .going:
      lifecycle = .selfTest(proof)
    case .proved:
      selfTestPassed = true
      torqueProvedAt = now
      lifecycle = .standby
      actuation.events.append(ControlEvent(at: now, kind: .selfTestPassed))
    case .failed:
      selfTestPassed = false
      torqueProvedAt = nil
      latch(.torqueFeedback, at: now, value: Int64(proof.stage.bit), &actuation)
    }
  }
}
