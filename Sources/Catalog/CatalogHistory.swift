import GRDB
public import Units

/// What earlier sessions did in a zone of a client.
public struct ZoneHistory: Hashable, Sendable {
  /// End of the last session that made, or may have made, strokes there; `nil` when none did.
  public var lastWorked: WallTime?
  /// Dots of earlier sessions of the same plan, uncertain ones at their upper bound. Sessions without a plan count as one.
  public var planDots: Int64
}

extension Catalog {
  /// What all sessions but one did in a zone of a client.
  public func history(
    zone: String, client: String, plan: String, before session: String
  ) throws(CatalogError) -> ZoneHistory {
    try read { db in
      let lastWorked = try Int64.fetchOne(
        db,
        sql: """
          SELECT max(coalesce(s.closed_at_us, s.opened_at_us)) FROM session s JOIN session_zone z ON z.session_id = s.id
          WHERE s.client_code = ? AND z.name = ? AND s.id <> ? AND (z.strokes > 0 OR z.dots > 0 OR z.uncertain_dots > 0)
          """, arguments: [client, zone, session])
      let dots = try Int64.fetchOne(
        db,
        sql: """
          SELECT sum(z.dots + z.uncertain_dots) FROM session s JOIN session_zone z ON z.session_id = s.id
          WHERE s.client_code = ? AND z.name = ? AND s.id <> ? AND s.plan = ?
          """, arguments: [client, zone, session, plan])
      return ZoneHistory(
        lastWorked: lastWorked.map { WallTime(microseconds: $0) }, planDots: dots ?? 0)
    }
  }

  /// Time with torque on, over all sessions of a machine profile on this board.
  public func motorOn(machineProfile: String) throws(CatalogError) -> Nanoseconds {
    try read { db in
      let sum = try Int64.fetchOne(
        db, sql: "SELECT sum(motor_on_ms) FROM session WHERE machine_profile = ?", arguments: [machineProfile]
      )
      return .milliseconds(sum ?? 0)
    }
  }

  /// Notes the settings that are in force in a session from now on, and which version of the profile they are.
  public func recordSetting(
    profile: String, version: UInt32, versionID: Int64?, figures: String, in session: String,
    at time: WallTime
  ) throws(CatalogError) {
    try write { db in
      try Self.requireOpen(session, db)
      try db.execute(
        sql: """
          INSERT INTO setting (session_id, profile, version, profile_version_id, figures, from_at_us) VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [session, profile, Int64(version), versionID, figures, time.microseconds])
    }
  }
}
