import NeedleSafety
import Units

extension Controller {
  /// Every condition of arming that does not hold now, waived ones left out.
  @_noLocks mutating func unmetConditions(at now: Instant) -> ArmConditions {
    var met = ArmConditions(rawValue: vouched.rawValue & ArmConditions.controlPlane.rawValue)
    met.set(.noFault, faults.isEmpty)
    met.set(.selfTest, selfTestPassed)
    met.set(.torqueProof, torqueProofIsFresh(at: now))
    met.set(.emergencyStopClosed, emergencyStop.isClosed)
    met.set(.guardClosed, levels.isHigh(.guardClosed))
    met.set(.cartridgePresent, cartridge.isSeated)
    met.set(.pedalReleased, pedal.isReleased)
    met.set(.needleHome, needleRests && levels.isHigh(.needleHome) && !levels.isHigh(.needleBottom))
    met.set(.driveLink, drive.link.bit == DriveLinkState.verified.bit)
    met.set(.driveLimits, drive.limitsVerified)
    // The drive stops by itself when we fall silent, or the self-test has seen the watchdog take torque away.
    met.set(.lossOfLink, drive.lossOfLinkVerified || selfTestPassed)
    met.set(.wakeLatency, wakes.allowsArming(lookingBack: parameters.wakeSeconds))
    if case .none = settings { met.set(.profile, false) }
    if case .none = zone { met.set(.zone, false) }
    return missing(from: met)
  }

  /// All conditions but those met and those that do not exist on this machine.
  @_noLocks private mutating func missing(from met: ArmConditions) -> ArmConditions {
    let either = met.rawValue | parameters.waived.rawValue
    return ArmConditions(rawValue: ArmConditions.all.rawValue & ~either)
  }

  @_noLocks private mutating func torqueProofIsFresh(at now: Instant) -> Bool {
    guard let torqueProvedAt else { return false }
    return now - torqueProvedAt <= SignalTiming.torqueProofInterval
  }

  @_noLocks
  mutating func advanceArming(_ stage: Lifecycle.Arming, at now: Instant, _ actuation: inout Actuation) {
    switch stage {
    case .raisingTorque(let since):
      // A feedback that does not follow within 25 ms is latched by its monitor.
      guard now > since, torqueFeedback.follows, levels.isHigh(.torqueFeedback) else { return }
      actuation.drive = .reference
      lifecycle = .arming(.referencing(since: now))
    case .referencing(let since):
      if drive.referenced, now > since {
        sendDepth(at: now, &actuation)
        lifecycle = .arming(.positioning(since: now))
      } else if now - since > parameters.referenceTimeout {
        latch(.depthDeviation, at: now, value: 0, limit: parameters.referenceTimeout.count, &actuation)
      }
    case .positioning:
      guard depthIsReached(at: now, &actuation) else { return }
      becomeArmed(at: now, &actuation)
    }
  }

  @_noLocks private mutating func becomeArmed(at now: Instant, _ actuation: inout Actuation) {
    lifecycle = .armed
    pedal.spend()
    consumedPress = pedal.presses
    guard let identifier = pendingOrder else { return }
    pendingOrder = nil
    actuation.events.append(ControlEvent(at: now, kind: .commandDone(identifier: identifier, outcome: .done)))
  }

  /// Sends the depth axis to the settings in force.
  @_noLocks mutating func sendDepth(at now: Instant, _ actuation: inout Actuation) {
    guard let settings else { return }
    actuation.drive = .moveDepth(settings.settings.depth + depthZero)
    depthMoveSince = now
  }

  /// The drive's own word that the depth axis stands where the settings want it; a move that takes too long is a fault.
  @_noLocks mutating func depthIsReached(at now: Instant, _ actuation: inout Actuation) -> Bool {
    guard let since = depthMoveSince else { return true }
    guard let wanted = settings?.settings.depth else { return false }
    if let commanded = drive.commandedDepth, commanded == wanted, let depth = drive.depth,
      drive.depthAt > since,
      (depth - wanted).magnitude <= Self.depthSettled(parameters.tolerance)
    {
      depthMoveSince = nil
      return true
    }
    if now - since > parameters.moveTimeout {
      latch(.depthDeviation, at: now, value: 0, limit: parameters.moveTimeout.count, &actuation)
    }
    return false
  }

  /// A move has arrived when the axis is within a third of the sensor's tolerance (engineering choice): the rest is left to
  /// what happens while strokes run.
  @_noLocks static func depthSettled(_ tolerance: SensorTolerance) -> Micrometres {
    Micrometres(tolerance.depth.count / 3)
  }
}
