import Catalog
public import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
public import Units

extension Desk {
  /// Says which zone is worked on from the next stroke boundary. The area is the plan's; without a plan it is needed the first
  /// time. `reason` is for a zone that was worked less than two weeks ago, `overrideReason` for one worked less than one week ago,
  /// which only the service role may allow. Returns the zone with what to warn of.
  public func setZone(
    _ zone: Zone, attributes: ZoneAttributes?, area: SquareMillimetres?, reason: String? = nil,
    overrideReason: String? = nil, by author: Author
  ) async throws -> (zone: ZoneWork, warnings: [String]) {
    try await changing {
      tick()
      let work = try recording()
      guard !work.isBench else {
        throw TreatmentError.wrongSession(
          is: "a bench session has no zones", needed: "a session for a client")
      }
      var next = try planned(zone, attributes: attributes, area: area, in: work)
      try check(area: next.area)
      let allowed = try checkInterval(
        of: zone, in: work, reason: reason, overrideReason: overrideReason, by: author)
      var warnings = try allowed.warnings + densityWarnings(next)
      try putDownProfile(unlessItFits: next)
      next.budget = budget(of: next)
      // What lets the zone be worked is in the chain before it is.
      let because = allowed.reason.isEmpty ? "" : "; allowed because: \(allowed.reason)"
      try audit(
        allowed.reason.isEmpty ? "session.zone" : "session.zone.early", "\(zone.name) \(next.area)\(because)",
        by: author)
      try await put(next, in: work, reason: allowed.reason)
      warnings += shadeWarnings(try current())
      tell(warnings)
      vouch()
      return (next, warnings)
    }
  }

  /// Gives a zone to the loop, the catalog and the record.
  private func put(_ zone: ZoneWork, in work: SessionWork, reason: String = "") async throws {
    let grant = ZoneGrant(
      zone: zone.zone, depthGroup: zone.depthGroup, dotsRemaining: zone.dotsRemaining,
      dotsCountedThrough: session?.lastDot ?? 0)
    guard case .done = try await order(.zone(grant)) else { throw TreatmentError.wrongState(status.state) }
    let attributes = zone.attributes.names.joined(separator: ",")
    let density = UInt32(clamping: ceilings(for: zone).dotsPerSquareCentimetre)
    _ = try catalogued {
      try catalog.setZone(
        ZoneSetting(
          name: zone.zone.name, attributes: attributes, area: zone.area, targetDensity: zone.target,
          ceilingDensity: density, planAllows: UInt32(clamping: zone.planAllows), reason: reason),
        in: work.id, at: clock.wall())
    }
    session?.currentZone = zone.zone
    if session?.zone == nil { session?.zones.append(zone) }
    session?.update(zone.zone) { $0 = zone }
    keeper?.record {
      try $0.append(
        ZoneRecord(
          name: zone.zone.name, attributes: attributes, area: zone.area, targetDensity: zone.target,
          ceilingDensity: density, budget: UInt32(clamping: zone.budget),
          dotsBefore: UInt32(clamping: zone.dots + zone.uncertainDots),
          planDotsBefore: UInt32(clamping: zone.planDots),
          planCeilingDensity: UInt32(PracticeLimits.planDensity)),
        at: clock.now())
    }
  }

  /// A profile may allow fewer dots per cm² than the zone was set with: its budget follows.
  func refreshBudget() async throws {
    guard let work = session, var zone = work.zone, !work.isBench else { return }
    let allowed = budget(of: zone)
    guard allowed != zone.budget else { return }
    zone.budget = allowed
    try await put(zone, in: work)
  }

  /// Dots allowed in a zone this session: its area times the ceiling in force, or what its whole plan leaves where that is less.
  private func budget(of zone: ZoneWork) -> Int64 {
    min(
      zone.area.dots(perSquareCentimetre: ceilings(for: zone).dotsPerSquareCentimetre), zone.planAllows)
  }

  private func ceilings(for zone: ZoneWork) -> Ceilings {
    guard let envelope = envelope(in: zone.depthGroup) else {
      return Ceilings.tightest(.absolute, configuration.machine.ceilings)
    }
    return envelope.ceilings
  }

  func check(area: SquareMillimetres) throws {
    guard area > .zero else {
      throw TreatmentError.invalidValue(
        field: "area", value: "\(area)", limit: "needed the first time a zone is set: more than 0 cm²")
    }
    // An adult scalp has 500 to 700 cm²; a larger zone is a slip of the keyboard.
    guard area <= .squareCentimetres(700) else {
      throw TreatmentError.invalidValue(field: "area", value: "\(area)", limit: "700 cm², a whole scalp")
    }
  }

  private func putDownProfile(unlessItFits zone: ZoneWork) throws {
    guard let profile else { return }
    guard profile.allows(zone.zone, attributes: zone.attributes) else {
      return try putDown(
        profile,
        orRefuse: .invalidValue(
          field: "zone", value: zone.zone.name,
          limit:
            "profile \(profile.name) is for \(profile.zones.map(\.name).joined(separator: ", ")); disarm first"
        ))
    }
    guard let plan = StrokePlan(profile.settings, on: configuration.machine.drivetrain),
      let limit = envelope(in: zone.depthGroup)?.breach(of: plan)
    else { return }
    try putDown(
      profile,
      orRefuse: .invalidValue(
        field: "zone", value: zone.zone.name,
        limit: "profile \(profile.name) breaks the limit on \(limit.name) there; disarm first"))
  }

  /// The bench has no zone: its depth group, and a budget that its strokes cannot reach.
  func setBenchZone() async throws {
    let grant = ZoneGrant(zone: .hairline, depthGroup: .bench, dotsRemaining: .max / 2)
    guard case .done = try await order(.zone(grant)) else { throw TreatmentError.wrongState(status.state) }
  }
}

extension ZoneWork {
  /// From the catalog; `nil` for a zone this version does not know.
  init?(_ entry: ZoneEntry) {
    guard let zone = Zone(name: entry.setting.name) else { return nil }
    let names = entry.setting.attributes.split(separator: ",").map(String.init)
    self.init(
      zone: zone, attributes: ZoneAttributes(names: names) ?? [], area: entry.setting.area,
      budget: Int64(entry.budget), target: entry.setting.targetDensity, dots: Int64(entry.totals.dots),
      strokes: Int64(clamping: entry.totals.strokes),
      uncertainDots: Int64(entry.totals.uncertainDots))
  }
}
