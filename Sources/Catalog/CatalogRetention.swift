import GRDB
public import Units

/// Sessions whose records are to be deleted, and what became of their clients.
public struct Purge: Hashable, Sendable {
  /// Ids of sessions; their files go after the catalog has forgotten whose they were.
  public var sessions: [String]
  /// Numbers of the clients whose codes were taken out.
  public var clients: [Int64]
}

extension Catalog {
  /// Takes a client's code and consent out of every row, and marks the client's sessions as purged, in one transaction. What was
  /// done and with which batches stays, under a code that leads to nobody.
  ///
  /// Throws `.refused` when there is no such client or one of its sessions is open.
  public func eraseClient(_ code: String, at time: WallTime, by actor: String) throws(CatalogError) -> Purge {
    let purge = try write { db in
      let client = try Self.existingClient(code, db)
      if let open = try String.fetchOne(
        db, sql: "SELECT id FROM session WHERE client_code = ? AND state = 'open'", arguments: [code])
      {
        throw CatalogRefusal.clientInSession(code: code, session: open)
      }
      let sessions = try String.fetchAll(
        db,
        sql: "SELECT id FROM session WHERE client_code = ? AND purged_at_us IS NULL ORDER BY opened_at_us",
        arguments: [code])
      try Self.markPurged(sessions, at: time, by: actor, db)
      try Self.forget(client.id, code, at: time, db)
      return Purge(sessions: sessions, clients: [client.id])
    }
    emptyLog()
    return purge
  }

  /// Sessions that ended before a time and whose records are still there, oldest first.
  public func sessions(endedBefore cutoff: WallTime) throws(CatalogError) -> [String] {
    try read { db in try Self.ended(before: cutoff, db) }
  }

  /// Marks what ended before a time as purged, and forgets the clients that have nothing newer.
  public func purge(endedBefore cutoff: WallTime, at time: WallTime, by actor: String) throws(CatalogError)
    -> Purge
  {
    let purge = try write { db in
      let sessions = try Self.ended(before: cutoff, db)
      try Self.markPurged(sessions, at: time, by: actor, db)
      let stale = try Row.fetchAll(
        db,
        sql: """
          SELECT id, code FROM client WHERE erased_at_us IS NULL AND created_at_us < ?
            AND NOT EXISTS (SELECT 1 FROM session WHERE client_code = code AND purged_at_us IS NULL)
            AND NOT EXISTS (SELECT 1 FROM plan WHERE client_id = client.id AND plan.created_at_us >= ?)
          """, arguments: [cutoff.microseconds, cutoff.microseconds])
      for row in stale { try Self.forget(row["id"], row["code"], at: time, db) }
      return Purge(sessions: sessions, clients: stale.map { $0["id"] })
    }
    emptyLog()
    return purge
  }

  /// Sessions marked as purged: a death may have come before their files were deleted.
  public func purgedSessions() throws(CatalogError) -> [String] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT id FROM session WHERE purged_at_us IS NOT NULL ORDER BY id")
    }
  }

  private static func ended(before cutoff: WallTime, _ db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT id FROM session WHERE state <> 'open' AND purged_at_us IS NULL AND coalesce(closed_at_us, opened_at_us) < ?
        ORDER BY opened_at_us
        """, arguments: [cutoff.microseconds])
  }

  private static func markPurged(
    _ sessions: [String], at time: WallTime, by actor: String, _ db: Database
  ) throws {
    for id in sessions {
      try db.execute(
        sql: "UPDATE session SET purged_at_us = ? WHERE id = ?", arguments: [time.microseconds, id])
      let hash = try String.fetchOne(db, sql: "SELECT file_sha256 FROM session WHERE id = ?", arguments: [id])
      _ = try append(
        AuditEntry(
          at: time, actor: actor, role: "", verb: AuditEntry.sessionPurged, detail: hash ?? "", session: id),
        db)
    }
  }

  private static func forget(_ id: Int64, _ code: String, at time: WallTime, _ db: Database) throws {
    let replacement = "erased-\(id)"
    try db.execute(
      sql: "UPDATE client SET code = ?, consent = NULL, consent_at_us = NULL, erased_at_us = ? WHERE id = ?",
      arguments: [replacement, time.microseconds, id])
    for table in ["session", "cartridge"] {
      try db.execute(
        sql: "UPDATE \(table) SET client_code = ? WHERE client_code = ?", arguments: [replacement, code])
    }
  }

  /// Empties the write-ahead log, which still holds the pages as they were. While somebody else reads the file it cannot be done;
  /// the next checkpoint does it then.
  private func emptyLog() {
    _ = try? queue.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
  }
}
