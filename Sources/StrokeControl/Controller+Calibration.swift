import NeedleSafety
import Units

// A service engineer's hands: the depth axis is moved, single strokes are measured, the board's one-shot is seen to act. All of it
// within the bench's limits, and nothing of it is part of a treatment's record.
extension Controller {
  /// A calibration that asks for nothing loses torque after this (engineering choice: time to read a gauge).
  static var calibrationIdle: Nanoseconds { @_noLocks get { .minutes(2) } }
  /// Strokes of a calibration are planned at this rate, which gives them the whole stall limit.
  private static var calibrationRate: Millihertz { @_noLocks get { .hertz(10) } }
  /// FIRE is held for this much longer than the one-shot may.
  private static var beyondOneShot: Nanoseconds { @_noLocks get { .milliseconds(5) } }

  /// Starts a step; returns why not, `nil` when its answer comes once it is done.
  @_noLocks
  mutating func beginCalibrationStep(
    _ order: CalibrationOrder, _ identifier: UInt32, at now: Instant, _ actuation: inout Actuation
  ) -> CommandOutcome? {
    if case .begin = order { return beginCalibration(identifier, at: now) }
    guard case .calibrating(.ready) = lifecycle else { return .wrongState(lifecycle.state) }
    switch order {
    case .begin: return .wrongState(lifecycle.state)
    case .jog(let depth):
      guard depth >= .zero, depth + depthZero <= machineCeilings.depthBench else { return .refused(.depth) }
      jogDepth = depth
      actuation.drive = .moveDepth(depth + depthZero)
      lifecycle = .calibrating(.moving(since: now))
    case .stroke(let dwell):
      guard !parameters.drivetrain.isRotary else { return .notOffered }
      guard let plan = calibrationPlan(dwell) else { return .refused(.dwell) }
      if let limit = benchEnvelope.breach(of: plan) ?? breachOfOneShot(plan) { return .refused(limit) }
      fireMeasured(plan, at: now)
    case .oneShot:
      guard !parameters.drivetrain.isRotary else { return .notOffered }
      guard jogDepth == .zero else { return .refused(.depth) }
      guard case .linear(let geometry) = parameters.drivetrain,
        let plan = calibrationPlan(parameters.fireOneShot + Self.beyondOneShot - geometry.extendTravel)
      else { return .refused(.dwell) }
      fireMeasured(plan, at: now)
      // It is out for longer than any stroke may be, on purpose and with the needle inside the nose.
      engine.markDwellReported()
    }
    pendingOrder = identifier
    return nil
  }

  @_noLocks
  private mutating func beginCalibration(_ identifier: UInt32, at now: Instant) -> CommandOutcome? {
    guard case .standby = lifecycle else { return .wrongState(lifecycle.state) }
    var unmet = conditionsOfHoming(at: now)
    // A cam is brought home; a coil's needle has to be there.
    if !parameters.drivetrain.isRotary, unmetConditions(at: now).has(.needleHome) {
      unmet.set(.needleHome, true)
    }
    guard unmet.rawValue == 0 else { return .unmet(unmet) }
    stateCause = .command
    pendingOrder = identifier
    lifecycle = .calibrating(.raisingTorque(since: now, stays: true))
    return nil
  }

  /// The deepest treatment, 1.35 mm, has to stay within the bench's 2 mm, which is the axis's range; the switch lies behind flush.
  static var farthestZero: Micrometres { @_noLocks get { Micrometres(650) } }

  @_noLocks mutating func setZero(_ depth: Micrometres) -> CommandOutcome {
    guard depth >= .zero, depth <= Self.farthestZero else { return .refused(.depth) }
    switch lifecycle {
    case .booting, .standby, .fault, .calibrating(.ready): break
    case .selfTest, .calibrating, .arming, .armed, .running, .stopping: return .wrongState(lifecycle.state)
    }
    // Where the axis stands is known by another name from now on.
    if let measured = drive.depth { drive.depth = measured + depthZero - depth }
    if let commanded = drive.commandedDepth { drive.commandedDepth = commanded + depthZero - depth }
    jogDepth = jogDepth + depthZero - depth
    depthZero = depth
    return .done
  }

  private var benchEnvelope: Envelope {
    @_noLocks mutating get {
      Envelope(ceilings: machineCeilings, depthGroup: .bench, tolerance: parameters.tolerance)
    }
  }

  @_noLocks private mutating func calibrationPlan(_ dwell: Nanoseconds) -> StrokePlan? {
    let settings = StrokeSettings(
      mode: .continuous, rate: Self.calibrationRate,
      depth: jogDepth > .zero ? jogDepth : Micrometres(1), dwell: dwell, strokesPerDot: 1, dotRate: .zero)
    return StrokePlan(settings, on: parameters.drivetrain)
  }

  /// Fires one stroke that belongs to no session.
  @_noLocks private mutating func fireMeasured(_ plan: StrokePlan, at now: Instant) {
    engine.start(Stroke(sequence: 0, dot: 0, zone: .hairline, plan: plan, startedAt: now))
    lifecycle = .calibrating(.stroking)
  }

  /// A measured stroke is over: its figures are all that comes of it.
  @_noLocks
  mutating func finishMeasurement(_ finished: StrokeEngine.Finished, _ actuation: inout Actuation) {
    let stroke = finished.stroke
    let cameHomeByItself = finished.homeAt < stroke.fireEndsAt
    let measured = CalibrationStroke(
      depth: jogDepth, measuredDepth: drive.depth,
      extendTravel: stroke.bottomAt.map { $0 - stroke.startedAt },
      retractTravel: finished.stalled || cameHomeByItself ? nil : finished.homeAt - stroke.fireEndsAt,
      timeToHome: finished.homeAt - stroke.startedAt, stalled: finished.stalled)
    lastHomeAt = finished.homeAt
    actuation.events.append(ControlEvent(at: finished.homeAt, kind: .calibrationStroke(measured)))
    guard finished.stalled else { return }
    latch(
      .needleStalled, at: finished.homeAt, value: measured.timeToHome.count,
      limit: envelopeCeilings.stall.count,
      &actuation)
  }

  @_noLocks
  mutating func advanceCalibrating(
    _ stage: Lifecycle.Calibrating, at now: Instant, _ actuation: inout Actuation
  ) {
    switch stage {
    case .raisingTorque(let since, let stays):
      guard now > since, torqueFeedback.follows, levels.isHigh(.torqueFeedback) else { return }
      turnHome(stays: stays, at: now, &actuation)
    case .turning(let since, let stays): advanceTurning(since: since, stays: stays, at: now, &actuation)
    case .referencing(let since):
      if drive.referenced, now > since {
        becomeReady(at: now, &actuation)
      } else if now - since > parameters.referenceTimeout {
        latch(.depthDeviation, at: now, value: 0, limit: parameters.referenceTimeout.count, &actuation)
      }
    case .moving(let since): advanceJog(since: since, at: now, &actuation)
    case .stroking:
      // What the next stroke needs has passed as well: it is offered no sooner.
      if engine.isHome, now >= lastHomeAt + machineCeilings.minimumOffTime {
        becomeReady(at: now, &actuation)
      }
    case .ready(let since):
      guard now - since >= Self.calibrationIdle else { return }
      stopPhaseAware(toFault: false, end: .disarm, at: now, &actuation)
    }
  }

  @_noLocks private mutating func turnHome(stays: Bool, at now: Instant, _ actuation: inout Actuation) {
    guard let rotary, !(cam.isParked && levels.isHigh(.needleHome)) else {
      return findZero(stays: stays, at: now, &actuation)
    }
    cam.seekHome(at: now, rotary)
    actuation.drive = .spin(rotary.parkRate)
    lifecycle = .calibrating(.turning(since: now, stays: stays))
  }

  @_noLocks
  private mutating func advanceTurning(
    since: Instant, stays: Bool, at now: Instant, _ actuation: inout Actuation
  ) {
    guard let rotary else { return }
    if cam.isParked { return findZero(stays: stays, at: now, &actuation) }
    // Two revolutions at the park rate, and a spin-down (engineering choice).
    let longest = (rotary.parkRate.period ?? .zero) * 2 + rotary.longestSpinDown(from: rotary.parkRate)
    guard now - since > longest else { return }
    latch(.needleStalled, at: now, value: (now - since).count, limit: longest.count, &actuation)
  }

  /// The needle is home: that was all, or the depth axis is next.
  @_noLocks private mutating func findZero(stays: Bool, at now: Instant, _ actuation: inout Actuation) {
    guard stays else {
      actuation.drive = .stop
      lifecycle = faults.isEmpty ? .standby : .fault
      return
    }
    actuation.drive = .reference
    lifecycle = .calibrating(.referencing(since: now))
  }

  @_noLocks private mutating func advanceJog(since: Instant, at now: Instant, _ actuation: inout Actuation) {
    if let commanded = drive.commandedDepth, commanded == jogDepth, let depth = drive.depth,
      drive.depthAt > since, (depth - jogDepth).magnitude <= Self.depthSettled(parameters.tolerance),
      standsStill(at: depth, since: since)
    {
      becomeReady(at: now, &actuation)
    } else if now - since > parameters.moveTimeout {
      latch(.depthDeviation, at: now, value: 0, limit: parameters.moveTimeout.count, &actuation)
    }
  }

  /// Two readings of this move, one after the other, are the same: what is measured next is measured at rest.
  @_noLocks private mutating func standsStill(at depth: Micrometres, since: Instant) -> Bool {
    guard drive.depthAt > jogReadingAt else { return false }
    let isSame = jogReadingAt > since && depth == jogReading
    jogReading = depth
    jogReadingAt = drive.depthAt
    return isSame
  }

  @_noLocks private mutating func becomeReady(at now: Instant, _ actuation: inout Actuation) {
    if case .calibrating(.referencing) = lifecycle { jogDepth = (drive.depth ?? .zero) }
    lifecycle = .calibrating(.ready(since: now))
    guard let identifier = pendingOrder else { return }
    pendingOrder = nil
    actuation.events.append(ControlEvent(at: now, kind: .commandDone(identifier: identifier, outcome: .done)))
  }
}
