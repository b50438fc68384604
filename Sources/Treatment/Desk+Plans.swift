public import Catalog
public import NeedleSafety
import Profiles
import SessionLog
public import Units

extension Desk {
  /// Makes an empty plan for a client; zones and their targets follow.
  public func createPlan(client: String, style: PlanStyle, minimumIntervalDays: Int?, by author: Author)
    async throws -> PlanEntry
  {
    try await changing {
      let days = minimumIntervalDays ?? PracticeLimits.usualIntervalDays
      let plan = try catalogued {
        try catalog.createPlan(
          "P" + newIdentifier(), client: client, style: style, minimumIntervalDays: days, at: clock.wall(),
          by: author.name)
      }
      try audit("plan.create", "\(plan.id) \(style.rawValue), \(days) days", by: author)
      return plan
    }
  }

  /// Puts a zone into a plan, or changes its area and attributes.
  public func setPlanZone(
    _ zone: Zone, attributes: ZoneAttributes, area: SquareMillimetres, plan: String, by author: Author
  ) async throws -> PlanEntry {
    try await changing {
      try check(area: area)
      if let work = session, work.entry.plan == plan, work.zones.contains(where: { $0.zone == zone }) {
        throw TreatmentError.wrongSession(
          is: "\(zone.name) is being worked in session \(work.id)", needed: "close it first")
      }
      let names = attributes.names.joined(separator: ",")
      let changed = try catalogued {
        try catalog.setPlanZone(zone.name, attributes: names, area: area, plan: plan)
      }
      try audit("plan.zone", "\(plan) \(zone.name) \(area) \(names)", by: author)
      return changed
    }
  }

  /// Says what a stage aims at in a zone: dots per cm², and the pigment's shade.
  public func setPlanStage(
    _ stage: PlanStage, zone: Zone, density: Int, shade: String, plan: String, by author: Author
  ) async throws -> PlanEntry {
    try await changing {
      let ceiling = Int(
        Ceilings.tightest(.absolute, configuration.machine.ceilings).dotsPerSquareCentimetre)
      guard (1...ceiling).contains(density) else {
        throw TreatmentError.invalidValue(
          field: "target_per_cm2", value: "\(density)", limit: "1 to \(ceiling) dots per cm² in one session")
      }
      guard (1...64).contains(shade.unicodeScalars.count) else {
        throw TreatmentError.invalidValue(
          field: "shade", value: shade, limit: "1 to 64 characters, as on the label")
      }
      let target = PlanTarget(stage: stage, density: UInt32(density), shade: shade)
      let changed = try catalogued { try catalog.setPlanTarget(target, zone: zone.name, plan: plan) }
      try audit(
        "plan.stage", "\(plan) \(zone.name) \(stage.rawValue) \(density) per cm² \(shade)", by: author)
      return changed
    }
  }

  public func plan(_ id: String) throws -> PlanEntry {
    guard let plan = try catalogued({ try catalog.plan(id) }) else {
      let known = try catalogued { try catalog.plans(limit: 5) }.map(\.id)
      throw TreatmentError.notFound(kind: "plan", name: id, known: known)
    }
    return plan
  }

  public func plans(client: String?, limit: Int) throws -> [PlanEntry] {
    try catalogued { try catalog.plans(client: client, limit: limit) }
  }

  /// The plan a client's session goes by: the one named, else the only one. `nil` for a client without plans.
  func plan(_ id: String?, for client: String) throws -> PlanEntry? {
    if let id {
      let plan = try plan(id)
      guard plan.client == client else {
        throw TreatmentError.invalidValue(field: "plan", value: id, limit: "a plan of this client")
      }
      return plan
    }
    let plans = try plans(client: client, limit: 10)
    guard plans.count > 1 else { return plans.first }
    throw TreatmentError.invalidValue(
      field: "plan", value: "",
      limit: "one of the client's plans: " + plans.map(\.id).joined(separator: ", "))
  }
}
