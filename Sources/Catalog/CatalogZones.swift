import GRDB
public import Units

extension Catalog {
  /// Sets a zone of the open session; setting it again changes its values and keeps its totals, which are returned.
  @discardableResult
  public func setZone(
    _ zone: ZoneSetting, in session: String, at time: WallTime
  ) throws(CatalogError) -> ZoneEntry {
    try write { db in
      try Self.requireOpen(session, db)
      guard (1...64).contains(zone.name.unicodeScalars.count) else {
        throw CatalogRefusal.invalid(field: "zone", reason: "a name has 1 to 64 characters")
      }
      guard zone.area.count >= 0 else {
        throw CatalogRefusal.invalid(field: "area", reason: "\(zone.area) is negative")
      }
      try db.execute(
        sql: """
          INSERT INTO session_zone
            (session_id, name, attributes, area_mm2, target_per_cm2, ceiling_per_cm2, budget_dots, set_at_us, reason)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (session_id, name) DO UPDATE SET attributes = excluded.attributes, area_mm2 = excluded.area_mm2,
            target_per_cm2 = excluded.target_per_cm2, ceiling_per_cm2 = excluded.ceiling_per_cm2,
            budget_dots = excluded.budget_dots, set_at_us = excluded.set_at_us,
            reason = CASE excluded.reason WHEN '' THEN reason ELSE excluded.reason END
          """,
        arguments: [
          session, zone.name, zone.attributes, Int64(zone.area.count), Int64(zone.targetDensity),
          Int64(zone.ceilingDensity), Int64(zone.budget), time.microseconds, zone.reason,
        ])
      guard let row = try Self.zone(zone.name, session, db) else {
        throw CatalogRefusal.noSuchZone(name: zone.name)
      }
      return row
    }
  }

  /// Replaces the totals of a zone of the open session. Throws `.refused` when it was not set before.
  public func setZoneTotals(
    _ totals: ZoneTotals, zone name: String, in session: String
  ) throws(CatalogError) {
    try write { db in
      try Self.requireOpen(session, db)
      try db.execute(
        sql:
          "UPDATE session_zone SET dots = ?, uncertain_dots = ?, strokes = ? WHERE session_id = ? AND name = ?",
        arguments: [
          Int64(totals.dots), Int64(totals.uncertainDots), Int64(clamping: totals.strokes), session, name,
        ])
      guard db.changesCount == 1 else { throw CatalogRefusal.noSuchZone(name: name) }
    }
  }

  /// The zones of a session, in the order they were first set.
  public func zones(of session: String) throws(CatalogError) -> [ZoneEntry] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM session_zone WHERE session_id = ? ORDER BY id", arguments: [session]
      ).map(Self.zoneEntry)
    }
  }

  private static func zone(_ name: String, _ session: String, _ db: Database) throws -> ZoneEntry? {
    try Row.fetchOne(
      db, sql: "SELECT * FROM session_zone WHERE session_id = ? AND name = ?", arguments: [session, name]
    ).map(zoneEntry)
  }

  private static func zoneEntry(_ row: Row) -> ZoneEntry {
    ZoneEntry(
      id: row["id"],
      setting: ZoneSetting(
        name: row["name"], attributes: row["attributes"],
        area: SquareMillimetres(Int32(clamping: row["area_mm2"] as Int64)),
        targetDensity: UInt32(clamping: row["target_per_cm2"] as Int64),
        ceilingDensity: UInt32(clamping: row["ceiling_per_cm2"] as Int64),
        planAllows: UInt32(clamping: row["budget_dots"] as Int64), reason: row["reason"]),
      budget: UInt32(clamping: row["budget_dots"] as Int64),
      totals: ZoneTotals(
        dots: UInt32(clamping: row["dots"] as Int64),
        uncertainDots: UInt32(clamping: row["uncertain_dots"] as Int64),
        strokes: UInt64(clamping: row["strokes"] as Int64)),
      setAt: WallTime(microseconds: row["set_at_us"]))
  }
}
