import Catalog
import NeedleSafety
import Profiles
import SessionLog
import Units

// Rules that need history: what earlier sessions mean for the one at hand.
extension Desk {
  /// A zone as the plan has it, or as it was given, with what earlier sessions leave of the plan's ceiling.
  func planned(
    _ zone: Zone, attributes: ZoneAttributes?, area: SquareMillimetres?, in work: SessionWork
  ) throws -> ZoneWork {
    var next =
      work.zones.first { $0.zone == zone } ?? ZoneWork(zone: zone, attributes: [], area: .zero, budget: 0)
    if let plan = work.plan {
      guard let wanted = plan.zone(zone.name) else {
        throw TreatmentError(
          .refused(.zoneNotPlanned(name: zone.name, plan: plan.id, zones: plan.zones.map(\.name))))
      }
      let marks = ZoneAttributes(names: wanted.attributes.split(separator: ",").map(String.init)) ?? []
      guard area == nil || area == wanted.area, attributes == nil || attributes == marks else {
        throw TreatmentError.invalidValue(
          field: "area", value: area.map { "\($0)" } ?? attributes?.names.joined(separator: ",") ?? "",
          limit: "plan \(plan.id) has \(wanted.area) \(wanted.attributes); change the plan instead")
      }
      (next.attributes, next.area) = (marks, wanted.area)
      let target = (work.entry.stage ?? plan.nextStage)
      next.target = wanted.target(target)?.density ?? 0
      next.shade = wanted.target(target)?.shade
    } else {
      if let attributes { next.attributes = attributes }
      if let area { next.area = area }
    }
    next.planDots = try history(of: zone, in: work).planDots
    return next
  }

  func history(of zone: Zone, in work: SessionWork) throws -> ZoneHistory {
    try catalogued {
      try catalog.history(
        zone: zone.name, client: work.entry.client ?? "", plan: work.entry.plan, before: work.id)
    }
  }

  func interval(of zone: Zone, in work: SessionWork) throws -> ZoneInterval {
    ZoneInterval(
      lastWorked: try history(of: zone, in: work).lastWorked, now: clock.wall(),
      usualDays: max(PracticeLimits.usualIntervalDays, work.plan?.minimumIntervalDays ?? 0))
  }

  /// Whether a zone may be worked again so soon; returns the reason that is to be kept, and what to warn of.
  func checkInterval(
    of zone: Zone, in work: SessionWork, reason: String?, overrideReason: String?, by author: Author
  ) throws -> (reason: String, warnings: [String]) {
    // What was allowed once in a session stays allowed: the zone's own work in it does not count against it.
    guard !work.zones.contains(where: { $0.zone == zone }) else { return ("", []) }
    let interval = try interval(of: zone, in: work)
    guard let words = interval.words(zone.name) else { return ("", []) }
    switch interval {
    case .clear: return ("", [])
    case .soon:
      guard let given = overrideReason ?? reason else {
        throw TreatmentError.invalidValue(field: "reason", value: "", limit: words)
      }
      try check(reason: given, field: "reason")
      return (given, [words])
    case .tooSoon:
      guard let given = overrideReason else {
        throw TreatmentError.invalidValue(
          field: "override_reason", value: "", limit: words + " and a reason, which is audited")
      }
      guard author.role == "service" else { throw TreatmentError.notAuthorized(role: "service") }
      try check(reason: given, field: "override_reason")
      return (given, [words])
    }
  }

  /// What to tell of a zone besides: the whole plan's density.
  func densityWarnings(_ zone: ZoneWork) throws -> [String] {
    guard zone.planAllows > 0 else {
      throw TreatmentError.invalidValue(
        field: "zone", value: zone.zone.name,
        limit:
          "its plan allows \(PracticeLimits.planDensity) dots per cm², and \(zone.planDots) dots were made")
    }
    let density = zone.planDots * 100 / Int64(max(1, zone.area.count))
    guard density >= Int64(PracticeLimits.advisedPlanDensity) else { return [] }
    return [
      "\(zone.zone.name) has \(density) dots per cm² over its plan; more than \(PracticeLimits.advisedPlanDensity) is not advised"
    ]
  }

  /// What to tell when a session is opened.
  func openingWarnings(_ work: SessionWork) throws -> [String] {
    var warnings: [String] = []
    if let code = work.entry.client, try catalogued({ try catalog.client(code) })?.consent == nil {
      warnings.append("no consent is recorded for this client")
    }
    for planned in work.plan?.zones ?? [] {
      guard let zone = Zone(name: planned.name) else { continue }
      if let words = try interval(of: zone, in: work).words(zone.name) { warnings.append(words) }
    }
    let hours = try catalogued { try catalog.motorOn(machineProfile: configuration.machine.name) }
    if hours >= PracticeLimits.inspectionAfter {
      warnings.append(
        "the drive has run for \(hours.inMilliseconds / 3_600_000) h: have it inspected")
    }
    return warnings
  }

  /// A pigment of another shade than the stage asks for in the zone at hand.
  func shadeWarnings(_ work: SessionWork) -> [String] {
    guard let zone = work.zone, let wanted = zone.shade, let pigment = work.pigments.last,
      pigment.shade != wanted
    else { return [] }
    return ["the plan has shade \(wanted) for \(zone.zone.name); the pigment is shade \(pigment.shade)"]
  }

  /// Keeps warnings in the record and in the journal.
  func tell(_ warnings: [String]) {
    for warning in warnings {
      keeper?.record {
        try $0.append(
          ActionRecord(actor: "stippled", role: "", verb: "warning", detail: warning), at: clock.now())
      }
      note(JournalEntry(.warning, warning, ["SESSION": session?.id ?? ""]))
    }
  }
}
