import Catalog
public import ControlInterface
import NeedleSafety
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Plans`.
public struct PlansHandler: Plans.Handler, DeskHandler {
  typealias Interface = Plans
  private let desk: Desk
  let policy: RolePolicy

  public init(desk: Desk, policy: RolePolicy) {
    self.desk = desk
    self.policy = policy
  }

  public func create(_ parameters: Plans.Create.Parameters, _ context: CallContext) async throws
    -> Plans.Create.Reply
  {
    let author = try author(context)
    let plan = try await translated {
      try await desk.createPlan(
        client: parameters.client, style: parameters.style == .soft ? .soft : .defined,
        minimumIntervalDays: parameters.minIntervalDays, by: author)
    }
    return Plans.Create.Reply(plan: describe(plan))
  }

  public func get(_ parameters: Plans.Get.Parameters, _: CallContext) async throws -> Plans.Get.Reply {
    Plans.Get.Reply(plan: describe(try await translated { try await desk.plan(parameters.id) }))
  }

  public func list(_ parameters: Plans.List.Parameters, _: CallContext) async throws -> Plans.List.Reply {
    let limit = parameters.limit ?? 100
    guard (1...500).contains(limit) else {
      throw Plans.InvalidValue(field: "limit", value: "\(limit)", limit: "1 to 500")
    }
    let found = try await translated { try await desk.plans(client: parameters.client, limit: limit) }
    return Plans.List.Reply(plans: found.map(describe))
  }

  public func setZone(_ parameters: Plans.SetZone.Parameters, _ context: CallContext) async throws
    -> Plans.SetZone.Reply
  {
    let author = try author(context)
    let zone = try zone(parameters.zone)
    let attributes = ZoneAttributes(names: (parameters.attributes ?? []).map(\.rawValue)) ?? []
    guard let area = Int32(exactly: parameters.areaMm2) else {
      throw Plans.InvalidValue(
        field: "area_mm2", value: "\(parameters.areaMm2)", limit: "more than 0, at most 70000")
    }
    let plan = try await translated {
      try await desk.setPlanZone(
        zone, attributes: attributes, area: SquareMillimetres(area), plan: parameters.plan, by: author)
    }
    return Plans.SetZone.Reply(plan: describe(plan))
  }

  public func setStage(_ parameters: Plans.SetStage.Parameters, _ context: CallContext) async throws
    -> Plans.SetStage.Reply
  {
    let author = try author(context)
    let zone = try zone(parameters.zone)
    let plan = try await translated {
      try await desk.setPlanStage(
        PlanStage(rawValue: parameters.stage.rawValue) ?? .refinement, zone: zone,
        density: parameters.targetPerCm2, shade: parameters.shade, plan: parameters.plan, by: author)
    }
    return Plans.SetStage.Reply(plan: describe(plan))
  }

  private func zone(_ name: String) throws -> Zone {
    guard let zone = Zone(name: name) else {
      throw Plans.NotFound(kind: "zone", name: name, known: Zone.allCases.map(\.name))
    }
    return zone
  }

  private func describe(_ plan: PlanEntry) -> Plans.Plan {
    Plans.Plan(
      id: plan.id, client: plan.client, style: plan.style == .soft ? .soft : .defined,
      minIntervalDays: plan.minimumIntervalDays, createdAtUs: plan.createdAt.microseconds,
      zones: plan.zones.map(describe), sessionsDone: plan.sessionsDone,
      nextStage: Plans.Stage(rawValue: plan.nextStage.rawValue) ?? .refinement)
  }

  private func describe(_ zone: PlanZone) -> Plans.Zone {
    Plans.Zone(
      name: zone.name,
      attributes: zone.attributes.split(separator: ",").compactMap {
        Plans.ZoneAttribute(rawValue: String($0))
      },
      areaMm2: Int(zone.area.count),
      targets: zone.targets.compactMap { target in
        Plans.Stage(rawValue: target.stage.rawValue).map {
          Plans.Target(stage: $0, targetPerCm2: Int(target.density), shade: target.shade)
        }
      }, dots: Int(zone.dots), densityPerCm2: Int(zone.density), ceilingPerCm2: Desk.planDensityCeiling)
  }
}
