import NeedleSafety
import Units

extension Controller {
  /// Latches a fault once and takes its safe reaction.
  @_noLocks
  mutating func latch(
    _ code: FaultCode, at now: Instant, value: Int64 = 0, limit: Int64 = 0, _ actuation: inout Actuation
  ) {
    let fault = Fault(code: code, firstSeen: now, inputs: levels.bits, value: value, limit: limit)
    if faults.latch(fault) { actuation.events.append(ControlEvent(at: now, kind: .fault(fault))) }
    if code.dropsTorqueAtOnce {
      dropTorque(at: now, &actuation)
    } else {
      stopPhaseAware(toFault: true, end: .fault, at: now, &actuation)
    }
  }

  /// Torque off and FIRE low in this very step.
  @_noLocks private mutating func dropTorque(at now: Instant, _ actuation: inout Actuation) {
    engine.cut(at: now)
    if !cam.isParked { cam.coast(at: now) }
    endRunEvent(.fault, at: now, &actuation)
    if lifecycle.hasTorque { actuation.drive = .stop }
    failPendingOrder(at: now, &actuation)
    lifecycle = .fault
  }

  /// Stops without waiting for a boundary: no new extension, retract at once, torque off when the needle is home.
  @_noLocks
  mutating func stopPhaseAware(toFault: Bool, end: RunEnd, at now: Instant, _ actuation: inout Actuation) {
    endRunEvent(end, at: now, &actuation)
    failPendingOrder(at: now, &actuation)
    switch lifecycle {
    case .calibrating, .arming, .armed, .running:
      // A cam that turns has to be brought home; stopped where it is, it would leave the needle out.
      if needleRests || !parameters.drivetrain.isRotary { actuation.drive = .stop }
      retract(at: now, &actuation)
      lifecycle = .stopping(since: now, toFault: toFault)
    case .stopping(let since, let already):
      lifecycle = .stopping(since: since, toFault: toFault || already)
    case .selfTest:
      engine.cut(at: now)
      lifecycle = toFault ? .fault : .standby
    case .booting, .standby, .fault:
      if toFault { lifecycle = .fault }
    }
  }

  /// The stop that anyone may ask for: legal in every state, idempotent.
  @_noLocks mutating func stop(at now: Instant, _ actuation: inout Actuation) {
    stateCause = .stop
    stopPhaseAware(toFault: false, end: .stop, at: now, &actuation)
  }

  @_noLocks
  mutating func advanceStopping(
    since: Instant, toFault: Bool, at now: Instant, _ actuation: inout Actuation
  ) {
    let needleHome = needleRests && levels.isHigh(.needleHome)
    guard needleHome || now - since >= parameters.retractMaximum else { return }
    if !needleHome { latch(.needleUnproved, at: now, &actuation) }
    if parameters.drivetrain.isRotary {
      if !needleRests { cam.coast(at: now) }
      actuation.drive = .stop
    }
    // Without a latched fault the state `fault` would have no way out.
    lifecycle = faults.isEmpty ? .standby : .fault
  }

  /// Whether what caused a latched fault is gone.
  @_noLocks func causeIsGone(_ code: FaultCode, at now: Instant) -> Bool {
    switch code {
    case .emergencyStop, .emergencyStopDisagreement: return emergencyStop.isClosed
    case .guardOpened: return levels.isHigh(.guardClosed)
    case .cartridgeRemoved: return cartridge.isSeated
    case .pedalDisagreement, .pedalDownAtPowerUp: return pedal.isReleased
    case .torqueFeedback: return torqueFeedback.follows
    case .driveFault: return levels.isHigh(.driveFaultAbsent)
    case .driveLink, .depthDeviation: return drive.link.bit == DriveLinkState.verified.bit
    case .needleStalled, .needleUnproved, .strokeRateExceeded, .depthExceeded, .dwellExceeded,
      .spinTransition:
      return needleRests && levels.isHigh(.needleHome) && !levels.isHigh(.needleBottom)
    case .motorHot:
      guard let temperature = drive.temperature else { return true }
      return temperature <= envelopeCeilings.motorCase
    case .currentExceeded:
      guard let current = drive.current else { return true }
      return current <= envelopeCeilings.currentContinuous
    case .outputWrite: return !outputIsFailing
    case .inputLost: return !inputIsFailing
    case .driveMoving: return drive.link.bit == DriveLinkState.verified.bit
    case .planRefused, .loopStalled, .selfTest: return true
    }
  }

  @_noLocks private mutating func endRunEvent(_ end: RunEnd, at now: Instant, _ actuation: inout Actuation) {
    guard case .running(let run) = lifecycle else { return }
    account(run, to: now)
    actuation.events.append(ControlEvent(at: now, kind: .runEnded(end)))
  }

  @_noLocks private mutating func failPendingOrder(at now: Instant, _ actuation: inout Actuation) {
    guard let identifier = pendingOrder else { return }
    pendingOrder = nil
    let state: LifecycleState = faults.isEmpty ? .standby : .fault
    actuation.events.append(
      ControlEvent(at: now, kind: .commandDone(identifier: identifier, outcome: .wrongState(state))))
  }
}
