import GRDB
public import Units

extension Catalog {
  /// Makes an empty plan for a client.
  @discardableResult
  public func createPlan(
    _ id: String, client code: String, style: PlanStyle, minimumIntervalDays days: Int, at time: WallTime,
    by actor: String
  ) throws(CatalogError) -> PlanEntry {
    try write { db in
      guard (7...365).contains(days) else {
        throw CatalogRefusal.invalid(field: "min_interval_days", reason: "7 to 365 days")
      }
      let client = try Self.existingClient(code, db)
      try db.execute(
        sql: """
          INSERT INTO plan (id, client_id, style, minimum_interval_days, created_by, created_at_us) VALUES (?, ?, ?, ?, ?, ?)
          """, arguments: [id, client.id, style.rawValue, days, actor, time.microseconds])
      return try Self.existingPlan(id, db)
    }
  }

  /// Puts a zone into a plan, or changes it.
  @discardableResult
  public func setPlanZone(
    _ name: String, attributes: String, area: SquareMillimetres, plan id: String
  ) throws(CatalogError) -> PlanEntry {
    try write { db in
      _ = try Self.existingPlan(id, db)
      try db.execute(
        sql: """
          INSERT INTO plan_zone (plan_id, name, attributes, area_mm2) VALUES (?, ?, ?, ?)
          ON CONFLICT (plan_id, name) DO UPDATE SET attributes = excluded.attributes, area_mm2 = excluded.area_mm2
          """, arguments: [id, name, attributes, Int64(area.count)])
      return try Self.existingPlan(id, db)
    }
  }

  /// Says what a stage aims at in a zone of a plan.
  @discardableResult
  public func setPlanTarget(_ target: PlanTarget, zone: String, plan id: String) throws(CatalogError)
    -> PlanEntry
  {
    try write { db in
      let plan = try Self.existingPlan(id, db)
      guard plan.zone(zone) != nil else {
        throw CatalogRefusal.zoneNotPlanned(name: zone, plan: id, zones: plan.zones.map(\.name))
      }
      try db.execute(
        sql: """
          INSERT INTO plan_stage (plan_id, zone, stage, target_per_cm2, shade) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (plan_id, zone, stage) DO UPDATE SET target_per_cm2 = excluded.target_per_cm2, shade = excluded.shade
          """, arguments: [id, zone, target.stage.rawValue, Int64(target.density), target.shade])
      return try Self.existingPlan(id, db)
    }
  }

  /// A plan. `nil` when there is none of that id.
  public func plan(_ id: String) throws(CatalogError) -> PlanEntry? {
    try read { db in try Self.plan(id, db) }
  }

  /// The newest plans first, of one client or of all.
  public func plans(client code: String? = nil, limit: Int = 100) throws(CatalogError) -> [PlanEntry] {
    try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT plan.id FROM plan JOIN client ON client.id = client_id WHERE erased_at_us IS NULL AND (? IS NULL OR code = ?)
          ORDER BY plan.created_at_us DESC, plan.id DESC LIMIT ?
          """, arguments: [code, code, max(0, limit)]
      ).compactMap { try Self.plan($0, db) }
    }
  }

  static func existingPlan(_ id: String, _ db: Database) throws -> PlanEntry {
    guard let plan = try plan(id, db) else { throw CatalogRefusal.noSuchPlan(id: id) }
    return plan
  }

  private static func plan(_ id: String, _ db: Database) throws -> PlanEntry? {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT plan.*, code FROM plan JOIN client ON client.id = client_id WHERE plan.id = ?",
        arguments: [id])
    else { return nil }
    let done = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM session WHERE plan = ? AND state = 'closed' AND dots > 0",
      arguments: [id])
    return PlanEntry(
      id: id, client: row["code"], style: PlanStyle(rawValue: row["style"]) ?? .soft,
      minimumIntervalDays: row["minimum_interval_days"], createdBy: row["created_by"],
      createdAt: WallTime(microseconds: row["created_at_us"]), zones: try planZones(id, db),
      sessionsDone: done ?? 0)
  }

  private static func planZones(_ id: String, _ db: Database) throws -> [PlanZone] {
    let targets = try Row.fetchAll(
      db, sql: "SELECT * FROM plan_stage WHERE plan_id = ?", arguments: [id])
    return try Row.fetchAll(
      db,
      sql: """
        SELECT plan_zone.*, (SELECT coalesce(sum(z.dots + z.uncertain_dots), 0) FROM session_zone z
          JOIN session s ON s.id = z.session_id WHERE s.plan = plan_id AND z.name = plan_zone.name) AS made
        FROM plan_zone WHERE plan_id = ? ORDER BY rowid
        """, arguments: [id]
    ).map { row in
      let name: String = row["name"]
      let aims = targets.filter { $0["zone"] as String == name }.compactMap(target)
      return PlanZone(
        name: name, attributes: row["attributes"],
        area: SquareMillimetres(Int32(clamping: row["area_mm2"] as Int64)),
        targets: PlanStage.allCases.compactMap { stage in aims.first { $0.stage == stage } },
        dots: row["made"])
    }
  }

  private static func target(_ row: Row) -> PlanTarget? {
    guard let stage = PlanStage(rawValue: row["stage"]) else { return nil }
    return PlanTarget(
      stage: stage, density: UInt32(clamping: row["target_per_cm2"] as Int64), shade: row["shade"])
  }
}
