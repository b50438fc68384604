import NeedleSafety
import Units

extension Controller {
  /// How long a stroke may take from FIRE to home: two periods, and never more than the ceiling.
  var stallLimit: Nanoseconds {
    @_noLocks mutating get {
      guard let plan = engine.current?.plan else { return envelopeCeilings.stall }
      return stallLimit(of: plan)
    }
  }

  @_noLocks mutating func stallLimit(of plan: StrokePlan) -> Nanoseconds {
    let ceiling = envelopeCeilings.stall
    let twoPeriods = plan.period * 2
    return twoPeriods < ceiling ? twoPeriods : ceiling
  }

  /// Lets the stroke under way go on, and breaks it off where it breaks a limit.
  @_noLocks mutating func advanceStroke(to now: Instant, _ actuation: inout Actuation) {
    if engine.isHome { return }
    if let finished = engine.advance(
      to: now, homeIsHigh: levels.isHigh(.needleHome), stallLimit: stallLimit)
    {
      finishStroke(finished, &actuation)
    }
    guard let plan = engine.current?.plan, let left = engine.leftHomeAt, !engine.isDwellReported else {
      return
    }
    let ceiling = dwellCeiling(of: plan)
    guard now - left > ceiling else { return }
    engine.markDwellReported()
    latch(.dwellExceeded, at: now, value: (now - left).count, limit: ceiling.count, &actuation)
  }

  /// When the stroke under way breaks its dwell ceiling, if it is still out then.
  var dwellDeadline: Instant {
    @_noLocks mutating get {
      guard let left = engine.leftHomeAt, !engine.isDwellReported, let plan = engine.current?.plan else {
        return .distantFuture
      }
      return left + dwellCeiling(of: plan) + Nanoseconds(1)
    }
  }

  @_noLocks private mutating func dwellCeiling(of plan: StrokePlan) -> Nanoseconds {
    envelopeCeilings.dwell(at: plan.period) + parameters.tolerance.time
  }

  /// Judges a stroke that ended, records it, and latches what it broke.
  @_noLocks mutating func finishStroke(_ finished: StrokeEngine.Finished, _ actuation: inout Actuation) {
    if case .calibrating = lifecycle { return finishMeasurement(finished, &actuation) }
    let stroke = finished.stroke
    var record = measure(finished)
    let breach = finished.stalled ? nil : breachedLimit(record, plannedPeriod: stroke.plan.period)
    if finished.stalled {
      record.verdict = .stalled
    } else if stroke.dwellReported {
      record.verdict = .breach
      record.breach = .dwell
    } else if stroke.wasCut {
      record.verdict = .cutShort
    }
    if let breach {
      record.verdict = .breach
      record.breach = breach
    }
    if let left = stroke.leftHomeAt { previousLeftHome = left }
    // Between dots the needle rests as long as the dot rate or the hand wants: that is no period of strokes.
    if let dot, dot.mode.isDot, stroke.sequence == dot.firstStroke { record.period = nil }
    lastStroke = record
    lastHomeAt = finished.homeAt
    dot?.lastHomeAt = finished.homeAt
    actuation.events.append(ControlEvent(at: finished.homeAt, kind: .stroke(record)))
    if finished.stalled {
      let elapsed = finished.homeAt - stroke.startedAt
      latch(
        .needleStalled, at: finished.homeAt, value: elapsed.count, limit: stallLimit(of: stroke.plan).count,
        &actuation)
    }
    if let breach { latchBreach(breach, record, stroke, &actuation) }
    checkDepthDeviation(record, at: finished.homeAt, &actuation)
  }

  @_noLocks private mutating func measure(_ finished: StrokeEngine.Finished) -> StrokeRecord {
    let stroke = finished.stroke
    var period: Nanoseconds?
    var extend: Nanoseconds?
    var timeOut: Nanoseconds?
    if let left = stroke.leftHomeAt {
      if let previousLeftHome { period = left - previousLeftHome }
      if let bottom = stroke.bottomAt { extend = bottom - left }
      if !finished.stalled { timeOut = finished.homeAt - left }
    }
    return StrokeRecord(
      sequence: stroke.sequence, dot: stroke.dot, zone: stroke.zone, startedAt: stroke.startedAt,
      period: period,
      fireWidth: stroke.fireEndsAt - stroke.startedAt, extend: extend, timeOut: timeOut,
      commandedDepth: stroke.plan.depth, measuredDepth: drive.depth, current: drive.current, verdict: .good,
      breach: nil)
  }

  @_noLocks private mutating func breachedLimit(_ record: StrokeRecord, plannedPeriod: Nanoseconds) -> Limit?
  {
    guard let timeOut = record.timeOut else { return nil }
    return envelope.breach(
      of: StrokeMeasurement(
        period: record.period, plannedPeriod: plannedPeriod, timeOut: timeOut, depth: record.measuredDepth))
  }

  @_noLocks
  mutating func latchBreach(
    _ limit: Limit, _ record: StrokeRecord, _ stroke: Stroke, _ actuation: inout Actuation
  ) {
    let ceilings = envelopeCeilings
    let at = record.startedAt + (record.timeOut ?? .zero)
    switch limit {
    case .strokeRate:
      latch(
        .strokeRateExceeded, at: at, value: record.period?.count ?? 0,
        limit: ceilings.strokeRate.period?.count ?? 0, &actuation)
    case .depth:
      latch(
        .depthExceeded, at: at, value: Int64(record.measuredDepth?.count ?? 0),
        limit: Int64(ceilings.depth(in: envelope.depthGroup).count), &actuation)
    case .dwell, .offTime, .strokesPerDot, .dotDuration, .dotRate, .mode:
      latch(
        .dwellExceeded, at: at, value: record.timeOut?.count ?? 0,
        limit: ceilings.dwell(at: stroke.plan.period).count, &actuation)
    }
  }

  /// A depth axis that has drifted from where it was sent makes every further stroke a guess.
  @_noLocks
  mutating func checkDepthDeviation(
    _ record: StrokeRecord, at instant: Instant, _ actuation: inout Actuation
  ) {
    guard lifecycle.isEngaged, let measured = record.measuredDepth else { return }
    guard (measured - record.commandedDepth).magnitude > parameters.tolerance.depth else { return }
    latch(
      .depthDeviation, at: instant, value: Int64(measured.count), limit: Int64(record.commandedDepth.count),
      &actuation)
  }

  /// Settings or a zone wait for the boundary: a dot belongs to one of each.
  var somethingLands: Bool {
    @_noLocks get {
      if case .some = pendingSettings { return true }
      if case .some = pendingZone { return true }
      return false
    }
  }

  /// Records the dot under way once it is whole, or once nothing will add to it.
  @_noLocks mutating func finishDotIfDone(at now: Instant, _ actuation: inout Actuation) {
    guard isBetweenStrokes, let dot else { return }
    var isRunning = false
    if case .running(let run) = lifecycle {
      if case .none = run.ending { isRunning = true } else { isRunning = dot.mode.isDot }
    }
    guard dot.isWhole || !isRunning || (!dot.mode.isDot && somethingLands) else { return }
    actuation.events.append(ControlEvent(at: dot.lastHomeAt, kind: .dot(dot.record())))
    self.dot = nil
  }
}
