import NeedleSafety
import Units

extension Controller {
  /// The machine's own ceilings, tightened by the absolute ones whatever the parameters say.
  var machineCeilings: Ceilings { @_noLocks get { Ceilings.tightest(.absolute, parameters.ceilings) } }

  /// The envelope in force for the zone at hand.
  var envelope: Envelope {
    @_noLocks get {
      Envelope(
        ceilings: envelopeCeilings, depthGroup: zone?.depthGroup ?? .shallow, tolerance: parameters.tolerance)
    }
  }

  /// Settings and zone that wait land now: the needle is home and no stroke is under way.
  @_noLocks mutating func landSettings(at now: Instant, _ actuation: inout Actuation) {
    guard needleRests else { return }
    if var grant = pendingZone {
      pendingZone = nil
      let lastDot = nextDot - 1
      if let current = zone, current.zone.bit == grant.zone.bit, lastDot > grant.dotsCountedThrough {
        grant.dotsRemaining -= Int64(clamping: lastDot - grant.dotsCountedThrough)
      }
      zone = grant
      actuation.events.append(ControlEvent(at: now, kind: .zoneInForce(grant.zone)))
    }
    if let grant = pendingSettings {
      pendingSettings = nil
      var depthChanges = true
      if let settings { depthChanges = settings.settings.depth != grant.settings.depth }
      settings = grant
      actuation.events.append(ControlEvent(at: now, kind: .settingInForce(version: grant.version)))
      if depthChanges, lifecycle.isEngaged { sendDepth(at: now, &actuation) }
    }
  }

  @_noLocks mutating func advanceArmed(at now: Instant, _ actuation: inout Actuation) {
    duty.add(.zero, now: now)
    landSettings(at: now, &actuation)
    let depthReady = depthIsReached(at: now, &actuation)
    if lostPermission { return stopPhaseAware(toFault: false, end: .disarm, at: now, &actuation) }
    guard case .armed = lifecycle, pedal.isPressed, pedal.presses != consumedPress else { return }
    // A press that cannot start a run does not start one later: the technician presses again.
    consumedPress = pedal.presses
    guard depthReady else { return }
    stateCause = .pedal
    previousLeftHome = nil
    actuation.events.append(ControlEvent(at: now, kind: .runStarted))
    advanceRun(Run(at: now), at: now, &actuation)
  }

  /// The control plane no longer vouches for what arming needed.
  private var lostPermission: Bool {
    @_noLocks get {
      let needed = ArmConditions.controlPlane.rawValue & ~parameters.waived.rawValue
      return needed & ~vouched.rawValue != 0
    }
  }

  @_noLocks mutating func advanceRun(_ current: Run, at now: Instant, _ actuation: inout Actuation) {
    var run = current
    account(run, to: now)
    run.accountedTo = now
    // A dot that is whole is closed before anything else is decided, so that no late wake adds a stroke to it.
    finishDotIfDone(at: now, &actuation)
    noteEnding(&run, at: now, &actuation)
    lifecycle = .running(run)
    if let rotary { return advanceRotaryRun(run, at: now, rotary, &actuation) }
    guard engine.isHome else { return }
    if !isInDot || !isDotMode { landSettings(at: now, &actuation) }
    run.nextStrokeAt = run.nextStrokeAt.later(of: earliestStroke)
    lifecycle = .running(run)
    if let end = run.ending, !finishesDot(end) {
      return endRun(end, at: now, &actuation)
    }
    guard depthIsReached(at: now, &actuation), case .running = lifecycle, now >= run.nextStrokeAt else {
      return
    }
    // FIRE is never high before torque: a stroke waits for the feedback, and its monitor judges how long that takes.
    guard levels.isHigh(.torqueFeedback) else { return }
    if let refusal = refusalOfNextStroke(at: now, &actuation) {
      if case .running = lifecycle { endRun(refusal, at: now, &actuation) }
      return
    }
    startStroke(&run, at: now)
    lifecycle = .running(run)
  }

  /// Why the run has to end at the next boundary, if it has to.
  @_noLocks private mutating func noteEnding(_ run: inout Run, at now: Instant, _ actuation: inout Actuation)
  {
    // Continuous strokes end with the pedal, in mid-stroke, whatever else is ending the run; a dot that was begun is a whole dot.
    let inForce = pressIsInForce(&run, at: now)
    if !inForce, !isDotMode { retract(at: now, &actuation) }
    if let _ = run.ending { return }
    let ceilings = envelopeCeilings
    if !inForce {
      run.ending = .pedalReleased
    } else if deadManIsOver(run, at: now) {
      run.ending = .deadMan
    } else if now - run.startedAt >= ceilings.continuousRun {
      run.ending = .runTime
    } else if motorOnUsed >= ceilings.motorOnPerSession {
      run.ending = .motorOn
    } else if duty.percent >= Int64(ceilings.dutyPercent) {
      run.ending = .duty
    } else if lostPermission {
      run.ending = vouched.has(.recordWritable) ? .permissionWithdrawn : .recordNotDurable
    } else if isDotMode, !isInDot, run.hasFired, !dotsRepeat {
      run.ending = .dotDone
    }
  }

  /// The press that started the run still holds. With a latched pedal it does until the pedal, once up for as long as its
  /// contacts bounce, leaves its rest again; that contact is used up, so that it starts nothing.
  @_noLocks private mutating func pressIsInForce(_ run: inout Run, at now: Instant) -> Bool {
    guard case .latched = parameters.pedalMode else { return pedal.isPressed }
    if pedal.hasComeUp(at: now) { run.pedalCameUp = true }
    guard run.pedalCameUp, !pedal.isReleased else { return true }
    pedal.spendWithBounce()
    return false
  }

  @_noLocks private func deadManIsOver(_ run: Run, at now: Instant) -> Bool {
    guard case .latched(let deadMan) = parameters.pedalMode else { return false }
    return now - run.startedAt >= deadMan
  }

  /// No stroke may start before this, whatever the run asks: the off-time after the last stroke, a period of the settings in
  /// force after its start (a slower profile may have landed meanwhile), and between dots a period of the dot rate's ceiling,
  /// however fast the pedal is pressed.
  var earliestStroke: Instant {
    @_noLocks mutating get {
      let ceilings = envelopeCeilings
      var earliest = lastHomeAt + ceilings.minimumOffTime
      if let period = settings?.settings.rate.period { earliest = earliest.later(of: lastStrokeAt + period) }
      if isDotMode, !isInDot, let lastDotAt, let period = ceilings.dotRate.period {
        earliest = earliest.later(of: lastDotAt + period)
      }
      return earliest
    }
  }

  private var isDotMode: Bool {
    @_noLocks get { settings?.settings.mode.isDot ?? false }
  }

  /// Only a dot of dot mode is finished after the pedal was released; in continuous mode nothing starts any more.
  @_noLocks private func finishesDot(_ end: RunEnd) -> Bool {
    guard let dot else { return false }
    return dot.mode.isDot && end.letsDotFinish
  }

  /// A dot was begun and is not whole yet.
  private var isInDot: Bool { @_noLocks get { if case .none = dot { false } else { true } } }

  /// While the pedal is held, dots follow each other at the dot rate.
  private var dotsRepeat: Bool {
    @_noLocks get { (settings?.settings.dotRate ?? .zero) > .zero }
  }

  /// Checks the next stroke against everything it needs; the reason to end the run, `nil` when it may start.
  @_noLocks
  private mutating func refusalOfNextStroke(at now: Instant, _ actuation: inout Actuation) -> RunEnd? {
    guard nextStroke <= durableThrough else { return .recordNotDurable }
    guard let settings, let zone, let plan = StrokePlan(settings.settings, on: parameters.drivetrain) else {
      return .planRefused
    }
    if !isInDot, zone.dotsRemaining <= 0 { return .zoneBudget }
    if let limit = envelope.breach(of: plan) ?? breachOfOneShot(plan) {
      latch(.planRefused, at: now, value: Int64(limit.bit), &actuation)
      return .planRefused
    }
    if let dot, dot.mode.isDot {
      // Late wakes stretched the dot: what is left of it would break its time.
      let longest = envelopeCeilings.dotDuration + parameters.tolerance.time * Int64(plan.strokesPerDot)
      if now + plan.timeOut > dot.startedAt + longest { return .planRefused }
    }
    guard depthStandsAs(settings.settings.depth, at: now, &actuation) else { return .planRefused }
    return levels.isHigh(.needleHome) ? nil : .planRefused
  }

  /// The depth axis is known to be where this stroke wants it; a drift is found before the needle goes out.
  @_noLocks
  mutating func depthStandsAs(
    _ wanted: Micrometres, at now: Instant, _ actuation: inout Actuation
  ) -> Bool {
    guard let depth = drive.depth, (depth - wanted).magnitude <= parameters.tolerance.depth else {
      latch(
        .depthDeviation, at: now, value: Int64(drive.depth?.count ?? 0), limit: Int64(wanted.count),
        &actuation)
      return false
    }
    return true
  }

  /// The board's one-shot would cut a stroke that holds FIRE for longer.
  @_noLocks func breachOfOneShot(_ plan: StrokePlan) -> Limit? {
    !parameters.drivetrain.isRotary && plan.fireWidth > parameters.fireOneShot ? .dwell : nil
  }

  @_noLocks private mutating func startStroke(_ run: inout Run, at now: Instant) {
    guard let settings, let plan = StrokePlan(settings.settings, on: parameters.drivetrain) else { return }
    guard var dot = dot ?? beginDot(plan, settings.settings.mode, isFirst: !run.hasFired, at: now)
    else { return }
    engine.start(
      Stroke(sequence: nextStroke, dot: dot.sequence, zone: dot.zone, plan: plan, startedAt: now))
    nextStroke &+= 1
    dot.strokes += 1
    run.hasFired = true
    lastStrokeAt = now
    self.dot = dot
    // Counted from the stroke as it started, not from when it was due: what a late wake missed is never caught up.
    run.nextStrokeAt = now + plan.period
    if dot.mode.isDot, dot.strokes >= plan.strokesPerDot {
      run.nextStrokeAt = run.nextStrokeAt.later(of: dot.startedAt + plan.dotPeriod)
    }
  }

  /// Opens a dot and takes it from the zone's budget.
  @_noLocks
  mutating func beginDot(
    _ plan: StrokePlan, _ mode: StrokeMode, isFirst: Bool, at now: Instant
  ) -> DotInProgress? {
    guard var zone else { return nil }
    zone.dotsRemaining -= 1
    self.zone = zone
    lastDotAt = now
    defer { nextDot &+= 1 }
    return DotInProgress(
      sequence: nextDot, zone: zone.zone, plan: plan, mode: mode, isFirstOfRun: isFirst,
      firstStroke: nextStroke,
      startedAt: now)
  }

  @_noLocks mutating func endRun(_ end: RunEnd, at now: Instant, _ actuation: inout Actuation) {
    actuation.events.append(ControlEvent(at: now, kind: .runEnded(end)))
    stateCause = end.isLimit ? .limit : .pedal
    lifecycle = .armed
  }

  /// Adds running time up to now to the cumulative limits.
  @_noLocks mutating func account(_ run: Run, to now: Instant) {
    let stretch = now - run.accountedTo
    motorOnUsed += stretch
    duty.add(stretch, now: now)
  }
}
