import NeedleSafety
import Units

extension Controller {
  /// The machine's own ceilings, tightened by the absolute ones whatever the parameters say.
  var machineCeilings: Ceilings { @_noLocks get { Ceilings.tightest(.absolute, parameters.ceilings) } }

  /// The ceilings in force: absolute, machine, and those that came with the settings.
  var envelopeCeilings: Ceilings {
    @_noLocks get {
      guard let settings else { return machineCeilings }
      return Ceilings.tightest(machineCeilings, settings.ceilings)
    }
  }

  /// The envelope in force for the zone at hand.
  var envelope: Envelope {
    @_noLocks get {
      Envelope(
        ceilings: envelopeCeilings, depthGroup: zone?.depthGroup ?? .shallow, tolerance: parameters.tolerance)
    }
  }

  /// Settings and zone that wait land now: the needle is home and no stroke is under way.
  @_noLocks mutating func landSettings(at now: Instant, _ actuation: inout Actuation) {
    guard engine.isHome else { return }
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
    noteEnding(&run, at: now)
    run.nextStrokeAt = run.nextStrokeAt.later(of: lastHomeAt + envelopeCeilings.minimumOffTime)
    lifecycle = .running(run)
    guard engine.isHome else { return }
    if !isInDot || !isDotMode { landSettings(at: now, &actuation) }
    if let end = run.ending, !isInDot || !end.letsDotFinish {
      return endRun(end, at: now, &actuation)
    }
    guard depthIsReached(at: now, &actuation), case .running = lifecycle, now >= run.nextStrokeAt else {
      return
    }
    if let refusal = refusalOfNextStroke(at: now, &actuation) {
      if case .running = lifecycle { endRun(refusal, at: now, &actuation) }
      return
    }
    startStroke(&run, at: now)
    lifecycle = .running(run)
  }

  /// Why the run has to end at the next boundary, if it has to.
  @_noLocks private mutating func noteEnding(_ run: inout Run, at now: Instant) {
    if let _ = run.ending { return }
    let ceilings = envelopeCeilings
    if !pedal.isPressed {
      // Continuous strokes end with the pedal, in mid-stroke; a dot that was begun is a whole dot.
      if !isDotMode { engine.cut(at: now) }
      run.ending = .pedalReleased
    } else if now - run.startedAt >= ceilings.continuousRun {
      run.ending = .runTime
    } else if motorOnUsed >= ceilings.motorOnPerSession {
      run.ending = .motorOn
    } else if duty.percent >= Int64(ceilings.dutyPercent) {
      run.ending = .duty
    } else if lostPermission {
      run.ending = .recordNotDurable
    } else if isDotMode, !isInDot, run.startedAt != now, !dotsRepeat {
      run.ending = .dotDone
    }
  }

  private var isDotMode: Bool {
    @_noLocks get { settings?.settings.mode.isDot ?? false }
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
    guard let settings, let zone, let plan = StrokePlan(settings.settings, on: parameters.geometry) else {
      return .planRefused
    }
    if !isInDot, zone.dotsRemaining <= 0 { return .zoneBudget }
    if let limit = envelope.breach(of: plan) {
      latch(.planRefused, at: now, value: Int64(limit.bit), &actuation)
      return .planRefused
    }
    return levels.isHigh(.needleHome) ? nil : .planRefused
  }

  @_noLocks private mutating func startStroke(_ run: inout Run, at now: Instant) {
    guard let settings, let plan = StrokePlan(settings.settings, on: parameters.geometry) else { return }
    guard var dot = dot ?? beginDot(plan, settings.settings.mode, isFirst: run.startedAt == now, at: now)
    else { return }
    engine.start(
      Stroke(sequence: nextStroke, dot: dot.sequence, zone: dot.zone, plan: plan, startedAt: now))
    nextStroke += 1
    dot.strokes += 1
    self.dot = dot
    // Counted from the stroke as it started, not from when it was due: what a late wake missed is never caught up.
    run.nextStrokeAt = now + plan.period
    if dot.mode.isDot, dot.strokes >= plan.strokesPerDot {
      run.nextStrokeAt = run.nextStrokeAt.later(of: dot.startedAt + plan.dotPeriod)
    }
  }

  /// Opens a dot and takes it from the zone's budget.
  @_noLocks
  private mutating func beginDot(
    _ plan: StrokePlan, _ mode: StrokeMode, isFirst: Bool, at now: Instant
  ) -> DotInProgress? {
    guard var zone else { return nil }
    zone.dotsRemaining -= 1
    self.zone = zone
    defer { nextDot += 1 }
    return DotInProgress(
      sequence: nextDot, zone: zone.zone, plan: plan, mode: mode, isFirstOfRun: isFirst,
      firstStroke: nextStroke,
      startedAt: now)
  }

  @_noLocks private mutating func endRun(_ end: RunEnd, at now: Instant, _ actuation: inout Actuation) {
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
