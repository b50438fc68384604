public import Catalog
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
public import Units

extension Desk {
  /// Opens a session for a client by code, or on the bench with `nil`.
  public func open(client: String?, by author: Author) async throws -> SessionWork {
    try await changing {
      try requireStandby()
      if let client { try check(code: client) }
      if let work = session {
        throw TreatmentError.wrongSession(
          is: "session \(work.id) is \(work.isInterrupted ? "interrupted" : "open")",
          needed: work.isInterrupted ? "resume or close it first" : "close it first")
      }
      guard client == nil || clock.wall() >= newestRecord else {
        throw TreatmentError.wrongSession(
          is: "the clock is behind the newest record", needed: "set the date, then open the session")
      }
      let id = newIdentifier()
      let entry = try catalogued {
        try catalog.openSession(
          NewSession(
            id: id, client: client, machine: configuration.host, machineProfile: configuration.machine.name,
            openedBy: author.name), at: clock.wall())
      }
      do {
        let writer = try SessionWriter.create(
          in: configuration.sessionsFolder, facts(id: id, client: client, author), at: clock.now(),
          wallClock: clock.wall())
        keeper = RecordKeeper(writer, now: clock.now())
        session = SessionWork(entry: entry)
      } catch {
        _ = try? catalog.abandonSession(id, at: clock.wall(), by: author.description, reason: "\(error)")
        throw TreatmentError.storage("\(error)")
      }
      try await begin(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero))
      try audit("session.open", client == nil ? "bench" : "client", by: author)
      if client == nil { try await setBenchZone() }
      try await handOverSettings()
      note(JournalEntry(.info, "session \(id) opened", ["STIPPLE_SESSION": id]))
      return try current()
    }
  }

  /// Goes on with the interrupted session in a new segment; what is uncertain counts at its upper bound.
  public func resume(_ id: String?, by author: Author) async throws -> SessionWork {
    try await changing {
      try requireStandby()
      guard var work = session, work.isInterrupted, id == nil || id == work.id else {
        if let id { throw TreatmentError.notFound(kind: "interrupted session", name: id, known: []) }
        throw TreatmentError.wrongSession(is: "no session is interrupted", needed: "open one")
      }
      let writer: SessionWriter
      do {
        writer = try SessionWriter.resume(
          in: configuration.sessionsFolder, id: work.id,
          facts(id: work.id, client: work.entry.client, author), at: clock.now(), wallClock: clock.wall())
      } catch {
        throw TreatmentError.storage("\(error)")
      }
      let digest = writer.digest
      work.entry = try catalogued { try catalog.resumeSession(work.id, segments: writer.facts.segment) }
      keeper = RecordKeeper(writer, now: clock.now())
      work.isInterrupted = false
      work.strokes = digest.strokes
      work.dots = digest.dots
      work.lastStroke = digest.lastStroke
      work.lastDot = digest.lastDot + digest.uncertain.reduce(0) { $0 + UInt64($1.dotsAtMost) }
      work.uncertain = digest.uncertain
      session = work
      try await begin(
        SessionGrant(
          nextStroke: work.lastStroke + 1, nextDot: work.lastDot + 1, motorOnUsed: work.motorOnBefore))
      try audit("session.resume", "\(digest.uncertain.count) uncertain intervals", by: author)
      keepTotals()
      if work.isBench { try await setBenchZone() }
      note(JournalEntry(.info, "session \(work.id) resumed", ["STIPPLE_SESSION": work.id]))
      return try current()
    }
  }

  /// Closes the session at hand and finishes its record. An interrupted one is finished from what it left.
  public func close(by author: Author) async throws -> SessionWork {
    try await changing {
      guard var work = session else {
        throw TreatmentError.wrongSession(is: "no session is open", needed: "open one")
      }
      try requireStandby()
      tick()
      work = session ?? work
      let closing = SessionClosing(
        closedBy: author.name, reason: work.isInterrupted ? "closed after an interruption" : "closed",
        previousSession: try catalogued { try catalog.lastFileHash() })
      let finished: FinishedSession
      do {
        if let keeper {
          keeper.settle(lastStroke: work.lastStroke, zone: zoneName(work), at: clock.now())
          finished = try keeper.writer.finish(at: clock.now(), closing)
        } else {
          finished = try finishInterrupted(work, author, closing)
        }
      } catch {
        throw TreatmentError.storage("\(error)")
      }
      keepTotals()
      try audit("session.close", finished.sha256.description, by: author)
      let head = try catalogued {
        try catalog.closeSession(
          work.id, at: clock.wall(), by: author.description, totals: SessionTotals(finished.digest),
          fileHash: finished.sha256)
      }
      note(
        JournalEntry(
          .info,
          "session \(work.id) closed: \(finished.digest.strokes) strokes, \(finished.digest.dots) dots",
          [
            "STIPPLE_SESSION": work.id, "STIPPLE_FILE_SHA256": finished.sha256.description,
            "STIPPLE_AUDIT_LENGTH": "\(head.length)", "STIPPLE_AUDIT_HEAD": head.hash?.description ?? "",
          ]))
      session = nil
      keeper = nil
      vouch()
      if let entry = try catalogued({ try catalog.session(work.id) }) { work.entry = entry }
      work.strokes = finished.digest.strokes
      work.dots = finished.digest.dots
      work.uncertain = finished.digest.uncertain
      return work
    }
  }

  /// Declares what the dead process left open in a last segment, then finishes the record from its parts.
  private func finishInterrupted(_ work: SessionWork, _ author: Author, _ closing: SessionClosing) throws
    -> FinishedSession
  {
    let writer = try SessionWriter.resume(
      in: configuration.sessionsFolder, id: work.id, facts(id: work.id, client: work.entry.client, author),
      at: clock.now(), wallClock: clock.wall())
    return try writer.finish(at: clock.now(), closing)
  }

  /// A session by id: the one at hand, or one from the catalog.
  public func find(_ id: String) throws -> SessionWork {
    if let work = session, work.id == id { return work }
    guard let entry = try catalogued({ try catalog.session(id) }) else {
      let known = try catalogued { try catalog.sessions(limit: 5) }.map(\.id)
      throw TreatmentError.notFound(kind: "session", name: id, known: known)
    }
    return try restore(entry)
  }

  /// Sessions opened before a time, newest first.
  public func list(limit: Int, before: WallTime?) throws -> [SessionWork] {
    try catalogued { try catalog.sessions(limit: limit, before: before) }.map { entry in
      if let work = session, work.id == entry.id { return work }
      return SessionWork(entry: entry)
    }
  }

  public func addNote(_ text: String, by author: Author) async throws {
    try await changing {
      guard let keeper else {
        throw TreatmentError.wrongSession(is: "no session is open", needed: "open one")
      }
      guard (1...500).contains(text.unicodeScalars.count) else {
        throw TreatmentError.invalidValue(
          field: "text", value: "\(text.unicodeScalars.count) characters", limit: "1 to 500 characters")
      }
      keeper.record { try $0.append(NoteRecord(author: author.name, text: text), at: clock.now()) }
      if let trouble = keeper.trouble { throw TreatmentError.storage(trouble) }
      try audit("session.note", "\(text.unicodeScalars.count) characters", by: author)
    }
  }

  /// The end of the audit chain, to be printed on reports.
  public func auditHead() throws -> AuditHead { try catalogued { try catalog.auditHead() } }

  /// Where a session's record is: the finished file, or the parts of one that was not closed.
  public func files(of id: String) throws -> [String] {
    do {
      let paths = try SessionPaths(folder: configuration.sessionsFolder, id: id)
      let parts = paths.parts
      return parts.isEmpty ? [paths.finished] : parts
    } catch {
      throw TreatmentError.invalidValue(field: "id", value: id, limit: "\(error)")
    }
  }

  /// Brings back what the catalog and the record know of the session that a dead process left open.
  func reopenInterrupted() {
    do {
      newestRecord = try catalog.newestRecordTime() ?? newestRecord
      guard let entry = try catalog.currentSession() else { return }
      var work = try restore(entry)
      work.interruptedAt = clock.wall()
      work.isInterrupted = true
      var running = RunningTime()
      // The record has every dot; the catalog's sums are those of the last run that ended.
      var placed: [String: (dots: Int64, strokes: Int64)] = [:]
      let digest = try SessionReader.read(try files(of: entry.id)) { event in
        running.add(event)
        guard case .dot(let dot) = event.record else { return }
        placed[dot.zone, default: (0, 0)].dots += 1
        placed[dot.zone, default: (0, 0)].strokes += Int64(dot.strokes)
      }
      for (name, counts) in placed {
        guard let zone = Zone(name: name) else { continue }
        work.update(zone) { ($0.dots, $0.strokes) = counts }
      }
      work.strokes = digest.strokes
      work.dots = digest.dots
      work.lastStroke = digest.lastStroke
      work.lastDot = digest.lastDot
      work.motorOnBefore = running.total
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
          ["STIPPLE_SESSION": work.id]))
    } catch {
      note(JournalEntry(.error, "what the last session left cannot be read: \(error)"))
    }
  }

  private func restore(_ entry: SessionEntry) throws -> SessionWork {
    var work = SessionWork(entry: entry)
    work.strokes = entry.totals.strokes
    work.dots = entry.totals.dots
    try catalogued {
      work.zones = try catalog.zones(of: entry.id).compactMap(ZoneWork.init)
      for use in try catalog.materials(of: entry.id) {
        switch use {
        case .cartridge(let cartridge, let from): work.cartridges.append(CartridgeWork(cartridge, from: from))
        case .pigment(let pigment, let dilution, let from):
          work.pigments.append(PigmentWork(pigment, dilution: dilution, from: from))
        }
      }
      work.faults = try catalog.faults(of: entry.id).compactMap { fault in
        FaultCode.allCases.first { $0.name == fault.code }
      }
    }
    return work
  }

  func current() throws -> SessionWork {
    guard let session else { throw TreatmentError.wrongSession(is: "no session is open", needed: "open one") }
    return session
  }

  private func begin(_ grant: SessionGrant) async throws {
    guard case .done = try await order(.session(grant)) else { throw TreatmentError.wrongState(status.state) }
  }

  func requireStandby() throws {
    let state = status.state
    guard state == .standby || state == .fault else { throw TreatmentError.wrongState(state) }
  }

  private func facts(id: String, client: String?, _ author: Author) -> SessionFacts {
    SessionFacts(
      id: id, isBench: client == nil, client: client ?? "", machine: configuration.host,
      machineProfile: configuration.machine.name, software: configuration.software, openedBy: author.name)
  }

  private func check(code: String) throws {
    let allowed = code.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D
    }
    guard allowed, (1...32).contains(code.utf8.count) else {
      throw TreatmentError.invalidValue(
        field: "client", value: code, limit: "a code of 1 to 32 letters, digits and hyphens; never a name")
    }
  }

  /// Day, time and two random bytes: readable, sortable, and unique on this board.
  private func newIdentifier() -> String {
    let day = CalendarDate(clock.wall())
    let seconds = clock.wall().sinceEpoch.count / 1_000_000_000 % 86_400
    let random = UInt16.random(in: 0...UInt16.max)
    let parts = [day.month, day.day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
    let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
      .joined()
    let suffix = String(random, radix: 16)
    return "\(day.year)\(parts)-\(time)-" + String(repeating: "0", count: 4 - suffix.count) + suffix
  }
}
