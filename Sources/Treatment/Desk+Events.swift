import Catalog
import ControlLoop
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
import Units

extension Desk {
  /// Takes what the loop reported, keeps the record going, and vouches anew where something changed.
  func tick() {
    let now = clock.now()
    // Read before the events: whatever made this status has reported itself already.
    let seen = status
    while let event = bridge.events.pop() { take(event) }
    if owesSettlement, seen.needle != .out, seen.state == .standby || seen.state == .fault { settle() }
    line.expire(at: now)
    takeBackIfOverdue(at: now)
    keepRecord(at: now)
    vouch()
  }

  private func take(_ event: ControlEvent) {
    revision &+= 1
    switch event.kind {
    case .commandDone(let identifier, let outcome): line.answer(identifier, outcome)
    case .stroke(let stroke): take(stroke)
    case .dot(let dot): take(dot)
    case .fault(let fault): take(fault)
    case .faultCleared(let code): take(cleared: code, at: event.at)
    case .state(let state, let cause): take(state, cause, at: event.at)
    case .settingInForce(let version): recordSetting(version, at: event.at)
    case .zoneInForce: break
    case .interlocks(let levels): take(levels, at: event.at)
    case .runStarted: append(StateRecord(kind: .runStarted, code: "run"), event.at)
    case .runEnded(let end): take(end, at: event.at)
    case .selfTestPassed: selfTest = .passed
    case .selfTestPutOff: selfTest = .putOff
    case .calibrationStroke(let stroke): calibrationStrokes.append(stroke)
    case .dropped(let count):
      append(
        StateRecord(kind: .dropped, code: "events", detail: "\(count) events did not fit the ring"), event.at)
      note(JournalEntry(.error, "\(count) events of the loop were lost: the record has a gap"))
    }
  }

  /// Records each interlock that changed, as the contact it is.
  private func take(_ levels: InputLevels, at instant: Instant) {
    for signal in InputSignal.allCases where levels.isHigh(signal) != seenLevels.isHigh(signal) {
      guard InputLevels.interlocks & signal.bit != 0 else { continue }
      let isClosed = signal == .cartridgeAbsent ? !levels.isHigh(signal) : levels.isHigh(signal)
      append(
        StateRecord(kind: isClosed ? .interlockClosed : .interlockOpened, code: signal.interlockName),
        instant)
    }
    seenLevels = levels
  }

  private func append(_ record: StateRecord, _ at: Instant) {
    keeper?.record { try $0.append(record, at: at) }
  }

  private func take(_ stroke: StrokeControl.StrokeRecord) {
    tally.strokes += 1
    guard keeper != nil else { return }
    session?.strokes += 1
    session?.lastStroke = stroke.sequence
    session?.update(stroke.zone) { $0.strokes += 1 }
    if let last = session?.cartridges.indices.last { session?.cartridges[last].strokes += 1 }
    keeper?.record { try $0.append(SessionLog.StrokeRecord(of: stroke), at: stroke.startedAt) }
  }

  private func take(_ dot: StrokeControl.DotRecord) {
    tally.dots += 1
    guard let work = session, let keeper else { return }
    session?.dots += 1
    session?.lastDot = dot.sequence
    session?.update(dot.zone) { $0.dots += 1 }
    let name = dot.zone.name(bench: work.isBench)
    let cause: SessionLog.DotCause =
      switch dot.cause {
      case .press: .press
      case .held: .held
      case .continuous: .continuous
      case .cutShort: .stopped
      }
    keeper.record {
      try $0.append(
        SessionLog.DotRecord(
          sequence: dot.sequence, zone: name, firstStroke: dot.firstStroke,
          strokes: UInt32(clamping: dot.strokes), duration: dot.duration, depth: dot.depth, cause: cause),
        at: dot.startedAt)
    }
  }

  private func take(_ fault: Fault) {
    let at = clock.wall(of: fault.firstSeen)
    let evidence = fault.evidence.joined(separator: " ")
    let priority = fault.code.priority.name
    let row = try? catalog.recordFault(
      fault.code.name, priority: FaultEntry.Priority(rawValue: priority) ?? .high, session: session?.id,
      firstSeenAt: at, evidence: evidence)
    tally.faults[fault.code, default: 0] += 1
    faults[fault.code] = LatchedFault(fault: fault, firstSeenAt: at, catalogID: row)
    session?.faults.append(fault.code)
    append(
      StateRecord(
        kind: .faultRaised, code: fault.code.name, priority: StatePriority(fault.code.priority),
        detail: evidence),
      fault.firstSeen)
    note(journalEntry(of: fault, evidence: evidence))
  }

  /// One line that a person understands, and where the whole story is.
  private func journalEntry(of fault: Fault, evidence: String) -> JournalEntry {
    let lookUp = session.map { "stipplectl session events \($0.id)" } ?? "stipplectl fault list"
    var fields = [
      "MESSAGE_ID": fault.code.messageIdentifier, "STIPPLE_FAULT": fault.code.name,
      "STIPPLE_PRIORITY": fault.code.priority.name, "STIPPLE_EVIDENCE": evidence,
    ]
    if let session {
      fields["SESSION"] = session.id
      fields["ZONE"] = zoneName(session)
    }
    return JournalEntry(
      .error, "fault \(fault.code.name): \(fault.code.explanation) More: \(lookUp)", fields)
  }

  private func take(cleared code: FaultCode, at instant: Instant) {
    if let row = faults[code]?.catalogID {
      try? catalog.acknowledgeFault(row, at: clock.wall(of: instant), by: lastAcknowledger)
    }
    faults[code] = nil
    append(StateRecord(kind: .faultAcknowledged, code: code.name, detail: lastAcknowledger), instant)
  }

  private func take(_ state: LifecycleState, _ cause: StateCause, at instant: Instant) {
    append(StateRecord(kind: .lifecycle, code: state.name, detail: cause.name), instant)
    note(JournalEntry(.info, "\(state.name) (\(cause.name))", ["STIPPLE_STATE": state.name]))
    if state == .standby || state == .fault { owesSettlement = true }
  }

  /// Nothing moves any more, a coasting cam neither. What was granted and not used is settled once the last stroke has been
  /// reported.
  private func settle() {
    owesSettlement = false
    guard let work = session, let keeper else { return }
    keeper.settle(lastStroke: work.lastStroke, zone: zoneName(work), at: clock.now())
    keepTotals()
  }

  private func take(_ end: RunEnd, at instant: Instant) {
    append(StateRecord(kind: .runEnded, code: end.name), instant)
    keepTotals()
  }

  /// The catalog follows at the end of each run: the record has every stroke, the catalog the sums.
  func keepTotals() {
    guard let work = session, keeper != nil else { return }
    keepTotals(of: work)
  }

  func keepTotals(of work: SessionWork) {
    do {
      try catalog.setMotorOn(work.id, max(work.motorOnBefore, keeper == nil ? .zero : status.motorOnUsed))
      for zone in work.zones {
        try catalog.setZoneTotals(
          ZoneTotals(
            dots: UInt32(clamping: zone.dots), uncertainDots: UInt32(clamping: zone.uncertainDots),
            strokes: UInt64(clamping: zone.strokes)), zone: zone.zone.name, in: work.id)
      }
      if let cartridge = work.cartridges.last {
        try catalog.setCartridgeStrokes(
          cartridge.strokesBefore + cartridge.strokes, cartridge: cartridge.catalogID)
      }
      catalogTrouble = nil
    } catch {
      catalogTrouble = "\(error)"
      note(JournalEntry(.error, "the catalog could not take the session's totals: \(error)"))
    }
  }

  func zoneName(_ work: SessionWork) -> String { work.isBench ? "bench" : work.currentZone?.name ?? "" }

  /// Flushes, syncs and renews the intent while strokes are made.
  private func keepRecord(at now: Instant) {
    guard let work = session, let keeper else { return }
    let isEngaged = [.arming, .armed, .running].contains(status.state)
    // Asked before anything below syncs: that the record catches up now does not undo that it was behind.
    let wasBehind = keeper.isBehind(at: now)
    if isEngaged, keeper.needsGrant(after: work.lastStroke), keeper.trouble == nil {
      keeper.promise(zone: zoneName(work), profile?.settings, at: now)
    }
    if let ticket = keeper.maintain(at: now) { perform(ticket) }
    // The loop stops vouching for the record itself; the desk has to know, or it would never vouch for it again.
    if isEngaged, vouched.has(.recordWritable), keeper.trouble != nil || wasBehind,
      line.tell(.recordFailing)
    {
      vouched.set(.recordWritable, false)
    }
    if let trouble = keeper.trouble, trouble != reportedTrouble {
      reportedTrouble = trouble
      note(JournalEntry(.error, "the session record cannot be written: \(trouble)"))
    }
  }

  /// Syncs away from the desk: strokes go on being flushed while the disk takes its time.
  private func perform(_ ticket: SyncTicket) {
    Task.detached(priority: .utility) { [self] in
      var failure: (any Error)?
      do { try ticket.perform() } catch { failure = error }
      await finished(ticket, failure: failure)
    }
  }

  private func finished(_ ticket: SyncTicket, failure: (any Error)?) {
    guard let through = keeper?.finished(ticket, failure: failure, at: clock.now()) else { return }
    line.tell(.durable(through: through))
  }

  private func recordSetting(_ number: UInt32, at instant: Instant) {
    guard let shelved = grants[number] ?? inUse, let work = session else { return }
    grants = grants.filter { $0.key >= number }
    let profile = shelved.profile
    let envelope = envelope(of: profile, in: depthGroup(of: work))
    let settings = profile.settings
    let ceilings = envelope.ceilings
    let figures =
      "\(settings.mode.name) \(settings.rate) \(settings.depth) \(settings.dwell) \(settings.strokesPerDot) strokes per dot \(settings.dotRate)"
    do {
      try catalog.recordSetting(
        profile: profile.name, version: shelved.version.number, versionID: shelved.version.id,
        figures: figures, in: work.id, at: clock.wall(of: instant))
    } catch {
      note(JournalEntry(.error, "the catalog could not take the settings in force: \(error)"))
    }
    keeper?.record {
      try $0.append(
        SettingRecord(
          profile: profile.name, version: shelved.version.number, mode: settings.mode.name,
          rate: settings.rate,
          depth: settings.depth, dwell: settings.dwell,
          strokesPerDot: UInt32(clamping: settings.strokesPerDot),
          dotRate: settings.dotRate, rateCeiling: ceilings.strokeRate,
          depthCeiling: ceilings.depth(in: envelope.depthGroup),
          dwellCeiling: ceilings.dwell(at: settings.rate.period ?? .zero),
          offTimeFloor: ceilings.minimumOffTime,
          strokesPerDotCeiling: UInt32(clamping: ceilings.strokesPerDot),
          depthTolerance: envelope.tolerance.depth,
          plannedTimeOut: StrokePlan(settings, on: configuration.machine.drivetrain)?.timeOut ?? .zero),
        at: instant)
    }
  }
}
