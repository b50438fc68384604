import NeedleSafety
import Units

extension Controller {
  /// Takes in the edges at their own times, then the levels as they stand.
  @_noLocks mutating func takeIn(_ inputs: StepInputs, at now: Instant, _ actuation: inout Actuation) {
    openedInterlocks = 0
    leftHomeUncommanded = false
    outputIsFailing = inputs.outputFailed
    inputIsFailing = inputs.inputFailed
    takeIn(inputs.drive)
    var index = 0
    while index < inputs.edges.count {
      let edge = inputs.edges[index]
      index += 1
      noteOpening(edge)
      noteDeparture(edge)
      levels.set(edge.signal, high: edge.rising)
      updateMonitors(at: edge.at)
      if parameters.drivetrain.isRotary {
        noteCam(edge, at: now, &actuation)
      } else if let finished = engine.note(edge) {
        finishStroke(finished, &actuation)
      }
    }
    if !inputs.inputFailed {
      openedInterlocks |= Self.openInterlocks(inputs.levels) & ~Self.openInterlocks(levels)
      levels = inputs.levels
    }
    updateMonitors(at: now)
    pedal.advance(to: now)
    cartridge.advance(to: now)
    if Self.visible(levels) != Self.visible(reportedLevels) {
      reportedLevels = levels
      actuation.events.append(ControlEvent(at: now, kind: .interlocks(levels)))
    }
  }

  /// Depths count from the calibrated zero everywhere but on the line.
  @_noLocks private mutating func takeIn(_ feedback: DriveFeedback) {
    drive = feedback
    guard depthZero != .zero else { return }
    if let depth = feedback.depth { drive.depth = depth - depthZero }
    if let commanded = feedback.commandedDepth { drive.commandedDepth = commanded - depthZero }
  }

  /// Latches what the inputs show to be wrong.
  @_noLocks
  mutating func judgeInputs(
    _ inputs: StepInputs, at now: Instant, stall: Nanoseconds?, _ actuation: inout Actuation
  ) {
    judgePowerUp(inputs, at: now, &actuation)
    if inputs.outputFailed { latch(.outputWrite, at: now, &actuation) }
    if inputs.inputFailed || inputs.edges.lost > 0 {
      latch(.inputLost, at: now, value: Int64(inputs.edges.lost), &actuation)
    }
    guard lifecycle.state.bit != LifecycleState.booting.bit else { return }
    judgeInterlocks(at: now, &actuation)
    if pedal.disagrees(at: now) { latch(.pedalDisagreement, at: now, &actuation) }
    if emergencyStop.disagrees(at: now) { latch(.emergencyStopDisagreement, at: now, &actuation) }
    let isProving = lifecycle.state.bit == LifecycleState.selfTest.bit
    // While nobody toggled the watchdog line it took torque away, as it has to: that is the stall's fault, not the wiring's.
    let wasAway = if let stall { stall > SignalTiming.torqueFollow } else { false }
    if !isProving, !wasAway, torqueFeedback.failed(at: now) { latch(.torqueFeedback, at: now, &actuation) }
    judgeDrive(at: now, &actuation)
    judgeNeedleAtRest(at: now, &actuation)
  }

  /// What the outputs, the drive and the pedal were found doing, whatever else is wrong in the same step.
  @_noLocks
  private mutating func judgePowerUp(_ inputs: StepInputs, at now: Instant, _ actuation: inout Actuation) {
    if inputs.outputsFoundHigh { latch(.selfTest, at: now, &actuation) }
    if drive.foundMoving { latch(.driveMoving, at: now, &actuation) }
    guard !powerUpJudged, !inputs.inputFailed else { return }
    powerUpJudged = true
    if levels.isHigh(.pedalNormallyOpen), !levels.isHigh(.pedalNormallyClosed) {
      latch(.pedalDownAtPowerUp, at: now, &actuation)
    }
  }

  /// An interlock that opens, however shortly, while the machine is engaged is a fault.
  @_noLocks private mutating func judgeInterlocks(at now: Instant, _ actuation: inout Actuation) {
    let open = openedInterlocks | Self.openInterlocks(levels)
    if open & InputSignal.driveFaultAbsent.bit != 0 { latch(.driveFault, at: now, &actuation) }
    let stopOpen = open & (InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit) != 0
    if stopOpen, lifecycle.hasTorque { latch(.emergencyStop, at: now, &actuation) }
    guard lifecycle.isEngaged else { return }
    if open & InputSignal.guardClosed.bit != 0 { latch(.guardOpened, at: now, &actuation) }
    if open & InputSignal.cartridgeAbsent.bit != 0 { latch(.cartridgeRemoved, at: now, &actuation) }
  }

  @_noLocks private mutating func judgeDrive(at now: Instant, _ actuation: inout Actuation) {
    guard lifecycle.isEngaged else {
      currentOverSince = nil
      return
    }
    if drive.link.bit != DriveLinkState.verified.bit || drive.rejected {
      latch(
        .driveLink, at: now, value: Int64(drive.trouble.kind.number), limit: Int64(drive.trouble.figure),
        &actuation)
    }
    let ceilings = envelopeCeilings
    // The drive's own word beside the edges': a twentieth above the ceiling is more than its telemetry is off by.
    if let rate = drive.rate, rate > Millihertz(ceilings.strokeRate.count + ceilings.strokeRate.count / 20) {
      latch(
        .strokeRateExceeded, at: now, value: rate.period?.count ?? 0,
        limit: ceilings.strokeRate.period?.count ?? 0, &actuation)
    }
    if let temperature = drive.temperature, temperature > ceilings.motorCase {
      latch(
        .motorHot, at: now, value: Int64(temperature.count), limit: Int64(ceilings.motorCase.count),
        &actuation)
    }
    guard let current = drive.current, current > ceilings.currentContinuous else {
      currentOverSince = nil
      return
    }
    let since = currentOverSince ?? now
    currentOverSince = since
    if current > ceilings.currentPeak || now - since > ceilings.currentPeakDuration {
      latch(
        .currentExceeded, at: now, value: Int64(current.count),
        limit: Int64(ceilings.currentContinuous.count),
        &actuation)
    }
  }

  /// With no stroke under way the needle has to be home, and cannot be at the bottom as well.
  @_noLocks private mutating func judgeNeedleAtRest(at now: Instant, _ actuation: inout Actuation) {
    guard lifecycle.isEngaged else { return }
    if leftHomeUncommanded { return latch(.needleUnproved, at: now, &actuation) }
    guard needleRests else { return }
    if !levels.isHigh(.needleHome) || levels.isHigh(.needleBottom) {
      latch(.needleUnproved, at: now, &actuation)
    }
  }

  @_noLocks private mutating func updateMonitors(at instant: Instant) {
    pedal.update(
      normallyOpen: levels.isHigh(.pedalNormallyOpen), normallyClosed: levels.isHigh(.pedalNormallyClosed),
      at: instant)
    emergencyStop.update(
      closedA: levels.isHigh(.emergencyStopA), closedB: levels.isHigh(.emergencyStopB), at: instant)
    cartridge.update(absent: levels.isHigh(.cartridgeAbsent), at: instant)
    torqueFeedback.update(feedback: levels.isHigh(.torqueFeedback), at: instant)
  }

  @_noLocks private mutating func noteOpening(_ edge: Edge) {
    var after = levels
    after.set(edge.signal, high: edge.rising)
    openedInterlocks |= Self.openInterlocks(after) & edge.signal.bit
  }

  /// The needle leaves home, however shortly, though no stroke is under way.
  @_noLocks private mutating func noteDeparture(_ edge: Edge) {
    guard needleRests, edge.signal.bit == InputSignal.needleHome.bit, !edge.rising else { return }
    guard levels.isHigh(.needleHome) else { return }
    leftHomeUncommanded = true
  }

  /// The interlocks that stand open at these levels: one bit per signal.
  @_noLocks private static func openInterlocks(_ levels: InputLevels) -> UInt32 {
    let closedWhenHigh =
      InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit | InputSignal.guardClosed.bit
      | InputSignal.driveFaultAbsent.bit
    return (~levels.bits & closedWhenHigh) | (levels.bits & InputSignal.cartridgeAbsent.bit)
  }

  /// The part of the levels that is worth a line in the record: the interlocks. What the pedal does is told by the runs it
  /// starts and ends; the needle's own sensors by the strokes.
  @_noLocks private static func visible(_ levels: InputLevels) -> UInt32 {
    levels.bits & InputLevels.interlocks
  }
}
