import NeedleSafety
import Units

// Strokes of a rotary machine: one revolution each, told by the edges of the home sensor.
extension Controller {
  /// The cam's figures; `nil` on a linear machine.
  var rotary: RotaryGeometry? {
    @_noLocks get { if case .rotary(let geometry) = parameters.drivetrain { geometry } else { nil } }
  }

  /// No needle motion is under way or to be expected: a linear stroke is over, a cam is proved to stand at home.
  var needleRests: Bool {
    @_noLocks get { parameters.drivetrain.isRotary ? cam.isParked : engine.isHome }
  }

  /// No stroke is being made at this moment; a cam may be passing home.
  var isBetweenStrokes: Bool {
    @_noLocks get { parameters.drivetrain.isRotary ? !cam.isOut : engine.isHome }
  }

  /// Begins to bring the needle home, in whatever phase it is: a coil is let go, a cam slows down to be braked at home.
  @_noLocks mutating func retract(at now: Instant, _ actuation: inout Actuation) {
    guard let rotary else {
      engine.cut(at: now)
      return
    }
    if cam.slow(at: now, rotary) { actuation.drive = .spin(rotary.parkRate) }
  }

  /// Takes in an edge of the home sensor.
  @_noLocks mutating func noteCam(_ edge: Edge, at now: Instant, _ actuation: inout Actuation) {
    guard edge.signal.bit == InputSignal.needleHome.bit, let rotary else { return }
    if edge.rising {
      returnHome(at: edge.at, now: now, rotary, &actuation)
    } else {
      leaveHome(at: edge.at, now: now, rotary, &actuation)
    }
  }

  @_noLocks
  private mutating func leaveHome(
    at instant: Instant, now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation
  ) {
    // In standby somebody may turn the cam by hand; that is no stroke, and the level says that it is not home.
    if cam.isParked, !lifecycle.isEngaged { return }
    if cam.isParked { cam.coast(at: instant) }
    if cam.overshoot(at: now, rotary) { actuation.drive = .spin(rotary.parkRate) }
    beginRevolution(at: instant)
  }

  /// Counts a revolution as a stroke of the dot under way. Homing is none: nothing is in force that it could belong to.
  @_noLocks private mutating func beginRevolution(at instant: Instant) {
    var isHoming = false
    if case .calibrating = lifecycle { isHoming = true }
    guard !isHoming, !cam.isOut, let settings, let plan = camPlan,
      var dot = dot ?? beginDot(plan, settings.settings.mode, isFirst: false, at: instant)
    else {
      cam.noteMotion(at: instant)
      return
    }
    var stroke = Stroke(
      sequence: nextStroke, dot: dot.sequence, zone: dot.zone, plan: plan, startedAt: instant)
    stroke.leftHomeAt = instant
    stroke.wasCut = !cam.isDriven
    if cam.isSteady, let rotary { stroke.dwellEndsAt = dwellEnd(of: stroke, rotary) }
    nextStroke &+= 1
    dot.strokes += 1
    self.dot = dot
    lastStrokeAt = instant
    cam.begin(stroke)
  }

  @_noLocks
  private mutating func returnHome(
    at instant: Instant, now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation
  ) {
    let before = cam.returnedAt
    if let finished = cam.finish(at: instant) {
      finishRevolution(finished, period: before.map { instant - $0 }, rotary, &actuation)
    }
    lastHomeAt = instant
    if cam.brake(at: now) { actuation.drive = .spin(.zero) }
    judgeTransition(at: now, rotary, &actuation)
    finishDotIfDone(at: instant, &actuation)
  }

  /// Judges a revolution by its own figures, records it, and latches what it broke.
  @_noLocks
  private mutating func finishRevolution(
    _ finished: StrokeEngine.Finished, period: Nanoseconds?, _ rotary: RotaryGeometry,
    _ actuation: inout Actuation
  ) {
    let stroke = finished.stroke
    let away = finished.homeAt - stroke.startedAt
    let depth = drive.depth ?? stroke.plan.depth
    let dwell = rotary.dwell(over: rotary.period(out: away), depth: depth)
    let isSteady = cam.isSteady
    if let period, cam.isDriven, period <= stroke.plan.period + stroke.plan.period / 10 { cam.becomeSteady() }
    var record = StrokeRecord(
      sequence: stroke.sequence, dot: stroke.dot, zone: stroke.zone, startedAt: stroke.startedAt,
      period: period, fireWidth: .zero, extend: nil, timeOut: finished.stalled ? nil : dwell,
      commandedDepth: stroke.plan.depth, measuredDepth: drive.depth, current: drive.current,
      verdict: stroke.wasCut ? .cutShort : .good, breach: nil)
    if finished.stalled { record.verdict = .stalled }
    // The dwell of a transition is held by its own bounds: revolutions and time.
    let limit =
      finished.stalled
      ? nil
      : envelope.breach(
        of: StrokeMeasurement(
          period: period, plannedPeriod: stroke.plan.period,
          timeOut: isSteady ? dwell : .zero, depth: record.measuredDepth))
    if let limit {
      record.verdict = .breach
      record.breach = limit
    } else if stroke.dwellReported {
      record.verdict = .breach
      record.breach = .dwell
    }
    report(record, of: stroke, breach: limit, at: finished.homeAt, &actuation)
  }

  @_noLocks
  private mutating func report(
    _ record: StrokeRecord, of stroke: Stroke, breach: Limit?, at instant: Instant,
    _ actuation: inout Actuation
  ) {
    lastStroke = record
    dot?.lastHomeAt = instant
    actuation.events.append(ControlEvent(at: instant, kind: .stroke(record)))
    if let breach { latchBreach(breach, record, stroke, &actuation) }
    checkDepthDeviation(record, at: instant, &actuation)
  }

  /// The cam on its own between edges: parked once it has stayed home, at fault where it takes too long or too many turns.
  @_noLocks mutating func advanceCam(to now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation)
  {
    cam.advance(to: now, homeIsHigh: levels.isHigh(.needleHome), rotary)
    judgeTransition(at: now, rotary, &actuation)
    judgeSteady(at: now, rotary, &actuation)
    guard case .coasting(let since) = cam.phase, now - since >= CamEngine.rest else { return }
    // It stands, and not at home: nothing but the sensor's word or a technician brings it back.
    if let finished = cam.giveUp(at: since) { finishRevolution(finished, period: nil, rotary, &actuation) }
    if !faults.contains(.needleUnproved) { latch(.needleUnproved, at: now, &actuation) }
  }

  @_noLocks
  private mutating func judgeTransition(
    at now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation
  ) {
    guard lifecycle.hasTorque, let since = cam.transitionSince, !faults.contains(.spinTransition) else {
      return
    }
    if cam.revolutions > rotary.transitionRevolutions {
      return latch(
        .spinTransition, at: now, value: Int64(cam.revolutions), limit: Int64(rotary.transitionRevolutions),
        &actuation)
    }
    // A needle braked at home only waits for its proof.
    if case .settling = cam.phase { return }
    if case .calibrating = lifecycle { return }
    guard now - since > rotary.transitionTime else { return }
    let hasTurned = cam.revolutions > 0 || cam.isOut
    latch(
      hasTurned ? .spinTransition : .needleStalled, at: now, value: (now - since).count,
      limit: rotary.transitionTime.count, &actuation)
  }

  /// At its rate, a needle that stays past home or at home for too long has stalled, or dwells.
  @_noLocks
  private mutating func judgeSteady(at now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation) {
    guard cam.isSteady, let plan = camPlan else { return }
    let limit = stallLimit(of: plan)
    let since = cam.stroke?.startedAt ?? cam.returnedAt ?? now
    if now - since > limit {
      if let finished = cam.giveUp(at: now) { finishRevolution(finished, period: nil, rotary, &actuation) }
      return latch(.needleStalled, at: now, value: (now - since).count, limit: limit.count, &actuation)
    }
    guard let stroke = cam.stroke, !stroke.dwellReported, now > stroke.dwellEndsAt else { return }
    cam.markDwellReported()
    latch(
      .dwellExceeded, at: now,
      value: rotary.dwell(over: rotary.period(out: now - since), depth: plan.depth).count,
      limit: envelopeCeilings.dwell(at: plan.period).count, &actuation)
  }

  /// A needle that is not home by then has dwelt for too long, at whatever speed it comes home.
  @_noLocks private mutating func dwellEnd(of stroke: Stroke, _ rotary: RotaryGeometry) -> Instant {
    let ceiling = envelopeCeilings.dwell(at: stroke.plan.period) + parameters.tolerance.time
    let depth = drive.depth ?? stroke.plan.depth
    return stroke.startedAt + rotary.timeAway(over: rotary.longestPeriod(dwell: ceiling, depth: depth))
  }

  /// When time alone changes something about the cam.
  var camDeadline: Instant {
    @_noLocks mutating get {
      guard let rotary else { return .distantFuture }
      var deadline = cam.deadline(rotary)
      guard cam.isSteady, let plan = camPlan else { return deadline }
      let since = cam.stroke?.startedAt ?? cam.returnedAt ?? .distantFuture
      if since != .distantFuture {
        deadline = deadline.earlier(of: since + stallLimit(of: plan) + Nanoseconds(1))
      }
      if let stroke = cam.stroke, !stroke.dwellReported, stroke.dwellEndsAt != .distantFuture {
        deadline = deadline.earlier(of: stroke.dwellEndsAt + Nanoseconds(1))
      }
      return deadline
    }
  }
}
