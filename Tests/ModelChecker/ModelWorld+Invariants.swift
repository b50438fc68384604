import NeedleSafety
import StrokeControl
import Units

extension ModelWorld {
  /// What the invariants say of the latest step.
  func verdicts() -> ModelVerdicts {
    var verdicts = ModelVerdicts()
    judgeTorque(&verdicts)
    judgeFire(&verdicts)
    judgeStart(&verdicts)
    judgeMeasurements(&verdicts)
    judgeState(&verdicts)
    if isRotary { judgeCam(&verdicts) }
    return verdicts
  }

  var torque: Bool { outputs.isHigh(.torqueEnableA) || outputs.isHigh(.torqueEnableB) }
  var isPressed: Bool { levels.isHigh(.pedalNormallyOpen) && !levels.isHigh(.pedalNormallyClosed) }

  private func judgeTorque(_ verdicts: inout ModelVerdicts) {
    let state = controller.publicState
    if overslept {
      verdicts.require(
        .lapsedLease, outputs.isHigh(.watchdog) == watchdogBefore,
        "the watchdog was renewed in the first step after a lapsed lease")
      verdicts.require(.lapsedLease, !torque, "torque is on after a lapsed lease")
    }
    guard torque else { return }
    verdicts.require(.torqueState, state.hasTorque, "torque is on in \(state.name)")
    if let since = memory.pulseSince {
      verdicts.require(
        .selfTestPulse, now - since <= .milliseconds(50),
        "a pulse of the self-test lasts \((now - since).inMilliseconds) ms")
    }
    verdicts.require(
      .interlockReaction, levels.isHigh(.emergencyStopA) && levels.isHigh(.emergencyStopB),
      "torque is on with an open emergency stop")
    verdicts.require(
      .interlockReaction, levels.isHigh(.driveFaultAbsent), "torque is on with the drive's fault line active")
    guard let since = guardOpenSince, state != .selfTest else { return }
    verdicts.require(
      .interlockReaction, now - since < controller.parameters.retractMaximum,
      "torque is on \((now - since).inMilliseconds) ms after the guard or the cartridge opened")
  }

  private func judgeFire(_ verdicts: inout ModelVerdicts) {
    guard outputs.isHigh(.fire) else { return }
    let state = controller.publicState
    verdicts.require(
      .fireNeedsTorque, outputs.isHigh(.torqueEnableA) && outputs.isHigh(.torqueEnableB),
      "FIRE without both channels")
    verdicts.require(.fireState, state == .running && !isRotary, "FIRE is high in \(state.name)")
    verdicts.require(.stopEndsStroke, !stopped, "FIRE is high in the step of a stop")
    verdicts.require(.stopEndsStroke, guardOpenSince == nil, "FIRE is high with guard or cartridge open")
    if ModelScript.isContinuous(controller) {
      verdicts.require(.releaseEndsStroke, isPressed, "FIRE is high though the pedal is not down")
    }
    if let since = fireSince {
      verdicts.require(
        .fireWidth, now - since < ModelScript.fireWidth, "FIRE is high for \((now - since).inMicroseconds) µs"
      )
    }
  }

  /// A linear stroke that starts in this step.
  private func judgeStart(_ verdicts: inout ModelVerdicts) {
    guard outputs.isHigh(.fire), fireSince == nil else { return }
    verdicts.require(
      .fireNeedsHome, levels.isHigh(.needleHome) && !levels.isHigh(.needleBottom),
      "FIRE rose with the needle not home")
    verdicts.require(.fireNeedsHome, levels.isHigh(.torqueFeedback), "FIRE rose without torque")
    if let last = lastFireRose {
      verdicts.require(
        .strokeSpacing, now - last >= ModelScript.shortestPeriod,
        "FIRE rose \((now - last).inMicroseconds) µs after the stroke before")
    }
    verdicts.require(.freshPress, runMayStart, "FIRE rose without a release and a fresh press")
    if !ModelScript.isContinuous(controller) {
      verdicts.require(
        .strokesPerPress, strokesThisPress < ModelScript.strokesPerDot,
        "a press fired more than \(ModelScript.strokesPerDot) strokes")
    }
    verdicts.require(
      .durableIntent, memory.lastSequence < memory.durable,
      "stroke \(memory.lastSequence + 1) started, durable through \(memory.durable)")
    verdicts.require(
      .reportedOnce, !memory.isUnreported, "a stroke started, and the one before was not reported")
  }

  private func judgeMeasurements(_ verdicts: inout ModelVerdicts) {
    let hasFault = !controller.hasNoFault
    verdicts.require(.reportedOnce, !memory.sequenceIsBroken, "strokes were not reported one by one")
    if let period = memory.finishedPeriod, !isRotary || stateBefore == .running {
      verdicts.require(
        .rateFaults, period >= ModelScript.fastest - ModelScript.tolerance || hasFault,
        "\(period.inMicroseconds) µs from stroke to stroke, and no fault")
    }
    if let left = memory.left, !isRotary {
      verdicts.require(
        .dwellFaults, now - left <= ModelScript.dwellCeiling + ModelScript.tolerance || hasFault,
        "the needle is out for \((now - left).inMicroseconds) µs, and no fault")
    }
    guard !levels.isHigh(.needleHome) || levels.isHigh(.needleBottom) else { return }
    verdicts.require(
      .needleProved, controller.status.needle != .home, "the needle is said to be home, and is not")
  }

  private func judgeState(_ verdicts: inout ModelVerdicts) {
    let state = controller.publicState
    let hasFault = !controller.hasNoFault
    if state == .fault {
      verdicts.require(.faultState, hasFault, "fault, and nothing is latched: no way out")
    }
    if hasFault {
      let stands = state == .fault || state == .stopping || state == .calibrating
      verdicts.require(.faultState, stands, "\(state.name) with a latched fault")
    }
    if state == .arming, stateBefore == .standby { judgeArming(&verdicts) }
    verdicts.require(.loopSleeps, deadline > now, "the loop is not to sleep")
    let longest: Nanoseconds = state.hasTorque ? .milliseconds(1) : .milliseconds(10)
    verdicts.require(
      .loopSleeps, deadline - now <= longest, "the loop is to sleep for longer than its period")
    verdicts.require(
      .loopSleeps, scratch.actuation.events.dropped == 0, "a step had more events than its batch holds")
  }

  private func judgeArming(_ verdicts: inout ModelVerdicts) {
    func need(_ holds: Bool, _ what: String) { verdicts.require(.armConditions, holds, "armed with \(what)") }
    need(controller.hasNoFault, "a latched fault")
    need(levels.isHigh(.emergencyStopA) && levels.isHigh(.emergencyStopB), "an open emergency stop")
    need(levels.isHigh(.guardClosed), "the guard open")
    need(!levels.isHigh(.cartridgeAbsent), "no cartridge")
    need(!levels.isHigh(.pedalNormallyOpen) && levels.isHigh(.pedalNormallyClosed), "the pedal down")
    need(levels.isHigh(.needleHome) && !levels.isHigh(.needleBottom), "the needle not home")
    need(drive.link == .verified && drive.limitsVerified && drive.lossOfLinkVerified, "no verified drive")
    need(memory.isVouched, "the control plane silent")
    need(memory.hasZone && controller.modeInForce != nil, "no zone or no settings")
  }
}
