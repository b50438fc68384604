public import Catalog
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
public import Units

extension Desk {
  /// Opens a session for a client by code, or on the bench with `nil`. Returns it with what to warn of.
  ///
  /// The plan is the one named, else the client's only one; the stage the one that comes next in it, unless named.
  public func open(
    client: String?, plan planID: String? = nil, stage: PlanStage? = nil, by author: Author
  ) async throws -> (session: SessionWork, warnings: [String]) {
    try await changing {
      try requireStandby()
      if let client { try check(code: client) }
      if let work = session {
        throw TreatmentError.wrongSession(
          is: "session \(work.id) is \(work.isInterrupted ? "interrupted" : "open")",
          needed: work.isInterrupted ? "resume or close it first" : "close it first")
      }
      if client != nil, let clockTrouble {
        throw TreatmentError.wrongSession(
          is: clockTrouble,
          needed: "the right date, confirmed by a technician: stipplectl machine confirm-date")
      }
      let plan = try client.flatMap { try self.plan(planID, for: $0) }
      let id = newIdentifier()
      let entry = try catalogued {
        try catalog.openSession(
          NewSession(
            id: id, client: client, plan: plan?.id ?? "", stage: plan.map { stage ?? $0.nextStage },
            machine: configuration.host, machineProfile: configuration.machine.name, openedBy: author.name),
          at: clock.wall())
      }
      do {
        let writer = try SessionWriter.create(
          in: configuration.sessionsFolder, facts(of: entry, author), at: clock.now(),
          wallClock: clock.wall())
        keeper = RecordKeeper(writer, now: clock.now())
        session = SessionWork(entry: entry, plan: plan)
      } catch {
        _ = try? catalog.abandonSession(id, at: clock.wall(), by: author.description, reason: "\(error)")
        throw TreatmentError.storage("\(error)")
      }
      try await begin(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero))
      try audit("session.open", try words(for: entry), by: author)
      if client == nil { try await setBenchZone() }
      try await handOverSettings()
      note(JournalEntry(.info, "session \(id) opened", ["SESSION": id]))
      let work = try current()
      let warnings = try openingWarnings(work)
      tell(warnings)
      return (work, warnings)
    }
  }

  /// For the audit: whose session it is, by the client's number, and under which plan.
  private func words(for entry: SessionEntry) throws -> String {
    guard let code = entry.client, let client = try catalogued({ try catalog.client(code) }) else {
      return "bench"
    }
    guard !entry.plan.isEmpty else { return name(of: client) }
    return "\(name(of: client)) plan \(entry.plan) \(entry.stage?.rawValue ?? "")"
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
          facts(of: work.entry, author), at: clock.now(), wallClock: clock.wall())
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
      note(JournalEntry(.info, "session \(work.id) resumed", ["SESSION": work.id]))
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
      if try catalogued({ try adoptFinished(work.entry) }) {
        (session, keeper) = (nil, nil)
        vouch()
        return try find(work.id)
      }
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
      keepTotals(of: work)
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
            "SESSION": work.id, "STIPPLE_FILE_SHA256": finished.sha256.description,
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
      in: configuration.sessionsFolder, id: work.id, facts(of: work.entry, author),
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

  func restore(_ entry: SessionEntry) throws -> SessionWork {
    var work = SessionWork(entry: entry)
    work.strokes = entry.totals.strokes
    work.dots = entry.totals.dots
    try catalogued {
      work.plan = entry.plan.isEmpty ? nil : try catalog.plan(entry.plan)
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

  private func facts(of entry: SessionEntry, _ author: Author) -> SessionFacts {
    SessionFacts(
      id: entry.id, isBench: entry.isBench, client: entry.client ?? "", plan: entry.plan,
      stage: entry.stage?.rawValue ?? "", machine: configuration.host,
      machineProfile: configuration.machine.name, software: configuration.software, openedBy: author.name)
  }

  /// Day, time and two random bytes: readable, sortable, and unique on this board.
  func newIdentifier() -> String {
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
