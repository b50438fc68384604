import GRDB
public import Units

extension Catalog {
  /// Records a fault; returns its row's id.
  @discardableResult
  public func recordFault(
    _ code: String, priority: FaultEntry.Priority, session: String?, firstSeenAt time: WallTime,
    evidence: String
  ) throws(CatalogError) -> Int64 {
    try write { db in
      if let session { _ = try Self.existing(session, db) }
      try db.execute(
        sql: """
          INSERT INTO fault (session_id, code, priority, first_seen_at_us, evidence) VALUES (?, ?, ?, ?, ?)
          """, arguments: [session, code, priority.rawValue, time.microseconds, evidence])
      return db.lastInsertedRowID
    }
  }

  /// Notes who acknowledged a fault; the first acknowledgement stays.
  public func acknowledgeFault(_ id: Int64, at time: WallTime, by actor: String) throws(CatalogError) {
    try write { db in
      try db.execute(
        sql: """
          UPDATE fault SET acknowledged_at_us = coalesce(acknowledged_at_us, ?),
            acknowledged_by = coalesce(acknowledged_by, ?) WHERE id = ?
          """, arguments: [time.microseconds, actor, id])
      guard db.changesCount == 1 else { throw CatalogRefusal.noSuchRow(what: "fault", id: id) }
    }
  }

  /// Faults of a session, oldest first.
  public func faults(of session: String) throws(CatalogError) -> [FaultEntry] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM fault WHERE session_id = ? ORDER BY id", arguments: [session])
        .map(Self.fault)
    }
  }

  /// Faults nobody has acknowledged, of any session or none, oldest first.
  public func openFaults() throws(CatalogError) -> [FaultEntry] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM fault WHERE acknowledged_at_us IS NULL ORDER BY id").map(
        Self.fault)
    }
  }

  private static func fault(_ row: Row) -> FaultEntry {
    FaultEntry(
      id: row["id"], session: row["session_id"], code: row["code"],
      priority: FaultEntry.Priority(rawValue: row["priority"]) ?? .high,
      firstSeenAt: WallTime(microseconds: row["first_seen_at_us"]), evidence: row["evidence"],
      acknowledgedAt: (row["acknowledged_at_us"] as Int64?).map { WallTime(microseconds: $0) },
      acknowledgedBy: row["acknowledged_by"])
  }
}
