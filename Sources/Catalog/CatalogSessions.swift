import GRDB
public import SessionLog
public import Units

extension Catalog {
  /// Opens a session. Throws `.refused` when one is open already, the id is taken or the client code is not 1 to 64
  /// characters.
  @discardableResult
  public func openSession(_ new: NewSession, at time: WallTime) throws(CatalogError) -> SessionEntry {
    try write { db in
      if let open = try String.fetchOne(db, sql: "SELECT id FROM session WHERE state = 'open'") {
        throw CatalogRefusal.sessionAlreadyOpen(id: open)
      }
      if let client = new.client, !(1...64).contains(client.unicodeScalars.count) {
        throw CatalogRefusal.invalid(field: "client", reason: "a code has 1 to 64 characters")
      }
      if let client = new.client, try Self.client(client, db) == nil {
        throw CatalogRefusal.noSuchClient(code: client)
      }
      guard try Self.session(new.id, db) == nil else {
        throw CatalogRefusal.invalid(field: "id", reason: "session \(new.id) exists already")
      }
      try db.execute(
        sql: """
          INSERT INTO session (id, client_code, plan, stage, machine, machine_profile, opened_by, opened_at_us, state)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open')
          """,
        arguments: [
          new.id, new.client, new.plan, new.stage?.rawValue ?? "", new.machine, new.machineProfile,
          new.openedBy, time.microseconds,
        ])
      return try Self.existing(new.id, db)
    }
  }

  /// The open session; at start it is the one a death left open. `nil` when none is.
  public func currentSession() throws(CatalogError) -> SessionEntry? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM session WHERE state = 'open'").map(Self.entry)
    }
  }

  /// Notes that the open session goes on in a new segment.
  @discardableResult
  public func resumeSession(_ id: String, segments: UInt32) throws(CatalogError) -> SessionEntry {
    try write { db in
      try Self.requireOpen(id, db)
      try db.execute(sql: "UPDATE session SET segments = ? WHERE id = ?", arguments: [Int64(segments), id])
      return try Self.existing(id, db)
    }
  }

  /// Closes a session whose file is finished: totals, and the file's hash into the audit chain, in one transaction.
  @discardableResult
  public func closeSession(
    _ id: String, at time: WallTime, by actor: String, totals: SessionTotals, fileHash: SHA256Digest
  ) throws(CatalogError) -> AuditHead {
    try write { db in
      try Self.requireOpen(id, db)
      try Self.setTotals(id, totals, db)
      try db.execute(
        sql: "UPDATE session SET state = 'closed', closed_at_us = ?, file_sha256 = ? WHERE id = ?",
        arguments: [time.microseconds, fileHash.description, id])
      return try Self.append(
        AuditEntry(
          at: time, actor: actor, role: "", verb: AuditEntry.sessionClosed, detail: fileHash.description,
          session: id),
        db)
    }
  }

  /// Gives a session up that has no finished file; what is recorded stays on the disk.
  @discardableResult
  public func abandonSession(
    _ id: String, at time: WallTime, by actor: String, reason: String
  ) throws(CatalogError) -> AuditHead {
    try write { db in
      try Self.requireOpen(id, db)
      try db.execute(
        sql: "UPDATE session SET state = 'abandoned', closed_at_us = ? WHERE id = ?",
        arguments: [time.microseconds, id])
      return try Self.append(
        AuditEntry(at: time, actor: actor, role: "", verb: "session abandoned", detail: reason, session: id),
        db)
    }
  }

  /// Brings the totals of the open session up to date.
  public func setTotals(_ id: String, _ totals: SessionTotals) throws(CatalogError) {
    try write { db in
      try Self.requireOpen(id, db)
      try Self.setTotals(id, totals, db)
    }
  }

  /// Sets how long torque was on in the open session; it never becomes less.
  public func setMotorOn(_ id: String, _ time: Nanoseconds) throws(CatalogError) {
    try write { db in
      try Self.requireOpen(id, db)
      try db.execute(
        sql: "UPDATE session SET motor_on_ms = max(motor_on_ms, ?) WHERE id = ?",
        arguments: [time.inMilliseconds, id])
    }
  }

  /// One session. `nil` when there is none of that id.
  public func session(_ id: String) throws(CatalogError) -> SessionEntry? {
    try read { db in try Self.session(id, db) }
  }

  /// The newest sessions first, at most `limit`, of those opened before a time when one is given.
  public func sessions(limit: Int = 100, before: WallTime? = nil) throws(CatalogError) -> [SessionEntry] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM session WHERE opened_at_us < ? ORDER BY opened_at_us DESC, id DESC LIMIT ?",
        arguments: [before?.microseconds ?? .max, max(0, limit)]
      ).map(Self.entry)
    }
  }

  /// The file hash of the session closed last, to be stated in the next one: the chain over sessions.
  public func lastFileHash() throws(CatalogError) -> SHA256Digest? {
    try read { db in
      try String.fetchOne(
        db,
        sql: "SELECT detail FROM audit WHERE verb = ? ORDER BY sequence DESC LIMIT 1",
        arguments: [AuditEntry.sessionClosed]
      ).flatMap { SHA256Digest(hexadecimal: $0) }
    }
  }

  static func requireOpen(_ id: String, _ db: Database) throws {
    let session = try existing(id, db)
    guard session.state == .open else {
      throw CatalogRefusal.sessionNotOpen(id: id, state: session.state.rawValue)
    }
  }

  static func existing(_ id: String, _ db: Database) throws -> SessionEntry {
    guard let session = try session(id, db) else { throw CatalogRefusal.noSuchSession(id: id) }
    return session
  }

  private static func session(_ id: String, _ db: Database) throws -> SessionEntry? {
    try Row.fetchOne(db, sql: "SELECT * FROM session WHERE id = ?", arguments: [id]).map(entry)
  }

  private static func setTotals(_ id: String, _ totals: SessionTotals, _ db: Database) throws {
    try db.execute(
      sql:
        "UPDATE session SET strokes = ?, dots = ?, uncertain_strokes = ?, missing_strokes = ? WHERE id = ?",
      arguments: [
        Int64(clamping: totals.strokes), Int64(clamping: totals.dots),
        Int64(clamping: totals.uncertainStrokes),
        Int64(clamping: totals.missingStrokes), id,
      ])
  }

  private static func entry(_ row: Row) -> SessionEntry {
    SessionEntry(
      id: row["id"], client: row["client_code"], plan: row["plan"],
      stage: PlanStage(rawValue: row["stage"]), machine: row["machine"],
      machineProfile: row["machine_profile"], openedBy: row["opened_by"],
      openedAt: WallTime(microseconds: row["opened_at_us"]),
      closedAt: (row["closed_at_us"] as Int64?).map { WallTime(microseconds: $0) },
      state: SessionEntry.State(rawValue: row["state"]) ?? .abandoned,
      segments: UInt32(clamping: row["segments"] as Int64),
      totals: SessionTotals(
        strokes: UInt64(clamping: row["strokes"] as Int64), dots: UInt64(clamping: row["dots"] as Int64),
        uncertainStrokes: UInt64(clamping: row["uncertain_strokes"] as Int64),
        missingStrokes: UInt64(clamping: row["missing_strokes"] as Int64)),
      fileHash: (row["file_sha256"] as String?).flatMap { SHA256Digest(hexadecimal: $0) },
      motorOn: .milliseconds(row["motor_on_ms"]),
      purgedAt: (row["purged_at_us"] as Int64?).map { WallTime(microseconds: $0) })
  }
}
