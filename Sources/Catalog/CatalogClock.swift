import GRDB
public import Units

/// A technician's word that the board's date is right.
public struct ClockConfirmation: Hashable, Sendable {
  public var at: WallTime
  /// Identifier of the boot it was given in.
  public var boot: String
}

extension Catalog {
  /// Keeps a technician's word that the date is right; what the catalog holds from before no longer counts as newest.
  public func confirmClock(at time: WallTime, boot: String, by actor: String) throws(CatalogError) {
    let newest = try newestRecordTime() ?? time
    try write { db in
      let length = try Int64.fetchOne(db, sql: "SELECT max(sequence) FROM audit") ?? 0
      try db.execute(
        sql: """
          INSERT INTO clock_confirmation (at_us, newest_us, audit_length, boot, actor) VALUES (?, ?, ?, ?, ?)
          """, arguments: [time.microseconds, newest.microseconds, length, boot, actor])
    }
  }

  /// The last confirmation. `nil` when there never was one.
  public func lastClockConfirmation() throws(CatalogError) -> ClockConfirmation? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM clock_confirmation ORDER BY id DESC LIMIT 1").map {
        ClockConfirmation(at: WallTime(microseconds: $0["at_us"]), boot: $0["boot"])
      }
    }
  }

  /// The time that the clock must not be behind: the newest row, or what is newest since a technician confirmed a date that
  /// was earlier. `nil` while the catalog is empty.
  public func clockFloor() throws(CatalogError) -> WallTime? {
    guard let newest = try newestRecordTime() else { return nil }
    let since = try read { db -> Int64? in
      guard
        let row = try Row.fetchOne(db, sql: "SELECT * FROM clock_confirmation ORDER BY id DESC LIMIT 1"),
        newest.microseconds <= row["newest_us"] as Int64
      else { return nil }
      let later = try Int64.fetchOne(
        db, sql: "SELECT max(at_us) FROM audit WHERE sequence > ?",
        arguments: [row["audit_length"] as Int64])
      return max(row["at_us"] as Int64, later ?? 0)
    }
    return since.map { WallTime(microseconds: $0) } ?? newest
  }
}
