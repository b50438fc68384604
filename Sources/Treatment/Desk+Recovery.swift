import Catalog
import NeedleSafety
import SessionLog
import StrokeControl
import Units

extension Desk {
  /// Brings back what the catalog and the record know of the session that a dead process left open.
  func reopenInterrupted() {
    do {
      try readClockFloor()
      try finishPurges()
      guard let entry = try catalog.currentSession() else { return }
      if try adoptFinished(entry) { return }
      var work = try restore(entry)
      work.interruptedAt = clock.wall()
      work.isInterrupted = true
      var counts = RecordedWork()
      let digest = try SessionReader.read(try files(of: entry.id)) { counts.add($0) }
      counts.enter(into: &work)
      work.strokes = digest.strokes
      work.dots = digest.dots
      work.lastStroke = digest.lastStroke
      work.lastDot = digest.lastDot
      work.uncertain = digest.uncertain + (digest.open.map { [$0] } ?? [])
      for interval in digest.open.map({ [$0] }) ?? [] {
        guard let zone = Zone(name: interval.zone) else { continue }
        work.update(zone) { $0.uncertainDots += Int64(interval.dotsAtMost) }
      }
      session = work
      let bounds = work.uncertain.map { "\($0.firstStroke) to \($0.lastStroke)" }.joined(separator: ", ")
      note(
        JournalEntry(
          .warning,
          "session \(work.id) was interrupted; uncertain strokes: \(bounds.isEmpty ? "none" : bounds)",
          ["SESSION": work.id]))
    } catch {
      note(JournalEntry(.error, "what the last session left cannot be read: \(error)"))
    }
  }

  /// A death, or a full disk, may come between the finished file's taking its name and the catalog's taking note. The file is whole then, so the
  /// closing is completed. `false` when there is no finished file.
  func adoptFinished(_ entry: SessionEntry) throws -> Bool {
    let paths = try SessionPaths(folder: configuration.sessionsFolder, id: entry.id)
    guard paths.isFinished else { return false }
    try SessionFinisher(paths: paths).removeLeftovers()
    var work = try restore(entry)
    var counts = RecordedWork()
    let verdict = try SessionFile.verify(paths.finished) { counts.add($0) }
    counts.enter(into: &work)
    keepTotals(of: work)
    _ = try catalog.appendAudit(
      AuditEntry(
        at: clock.wall(), actor: daemon.description, role: daemon.role, verb: "session.close",
        detail: verdict.sha256.description, session: entry.id))
    _ = try catalog.closeSession(
      entry.id, at: clock.wall(), by: daemon.description, totals: SessionTotals(verdict.digest),
      fileHash: verdict.sha256)
    note(
      JournalEntry(
        .warning,
        "session \(entry.id) had been finished and not entered in the catalog: its closing is completed",
        ["SESSION": entry.id, "STIPPLE_FILE_SHA256": verdict.sha256.description]))
    return true
  }
}

/// What a record tells of work: the catalog's sums are those of the last run that ended, the record has every dot.
private struct RecordedWork {
  private var running = RunningTime()
  private var placed: [String: (dots: Int64, strokes: Int64)] = [:]

  mutating func add(_ event: SessionEvent) {
    running.add(event)
    guard case .dot(let dot) = event.record else { return }
    placed[dot.zone, default: (0, 0)].dots += 1
    placed[dot.zone, default: (0, 0)].strokes += Int64(dot.strokes)
  }

  func enter(into work: inout SessionWork) {
    for (name, counts) in placed {
      guard let zone = Zone(name: name) else { continue }
      work.update(zone) { ($0.dots, $0.strokes) = counts }
    }
    work.motorOnBefore = running.total
  }
}
