import Catalog
public import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
public import Units

extension Desk {
  /// Says which zone is worked on from the next stroke boundary. The area is needed the first time.
  public func setZone(
    _ zone: Zone, attributes: ZoneAttributes?, area: SquareMillimetres?, by author: Author
  ) async throws -> ZoneWork {
    try await changing {
      tick()
      let work = try recording()
      guard !work.isBench else {
        throw TreatmentError.wrongSession(
          is: "a bench session has no zones", needed: "a session for a client")
      }
      var next =
        work.zones.first { $0.zone == zone } ?? ZoneWork(zone: zone, attributes: [], area: .zero, budget: 0)
      if let attributes { next.attributes = attributes }
      if let area { next.area = area }
      try check(next)
      try putDownProfile(unlessItFits: next)
      next.budget = budget(of: next)
      try await put(next, in: work)
      try audit("session.zone", "\(zone.name) \(next.area)", by: author)
      vouch()
      return next
    }
  }

  /// Gives a zone to the loop, the catalog and the record.
  private func put(_ zone: ZoneWork, in work: SessionWork) async throws {
    let grant = ZoneGrant(
      zone: zone.zone, depthGroup: zone.depthGroup, dotsRemaining: zone.dotsRemaining,
      dotsCountedThrough: session?.lastDot ?? 0)
    guard case .done = try await order(.zone(grant)) else { throw TreatmentError.wrongState(status.state) }
    let attributes = zone.attributes.names.joined(separator: ",")
    let density = UInt32(clamping: ceilings(for: zone).dotsPerSquareCentimetre)
    _ = try catalogued {
      try catalog.setZone(
        ZoneSetting(name: zone.zone.name, attributes: attributes, area: zone.area, ceilingDensity: density),
        in: work.id, at: clock.wall())
    }
    session?.currentZone = zone.zone
    if session?.zone == nil { session?.zones.append(zone) }
    session?.update(zone.zone) { $0 = zone }
    keeper?.record {
      try $0.append(
        ZoneRecord(
          name: zone.zone.name, attributes: attributes, area: zone.area, ceilingDensity: density,
          budget: UInt32(clamping: zone.budget), dotsBefore: UInt32(clamping: zone.dots + zone.uncertainDots)),
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

  /// Dots allowed in a zone this session: its area times the ceiling in force.
  private func budget(of zone: ZoneWork) -> Int64 {
    zone.area.dots(perSquareCentimetre: ceilings(for: zone).dotsPerSquareCentimetre)
  }

  private func ceilings(for zone: ZoneWork) -> Ceilings {
    guard let envelope = envelope(in: zone.depthGroup) else {
      return Ceilings.tightest(.absolute, configuration.machine.ceilings)
    }
    return envelope.ceilings
  }

  private func check(_ zone: ZoneWork) throws {
    guard zone.area > .zero else {
      throw TreatmentError.invalidValue(
        field: "area", value: "\(zone.area)", limit: "needed the first time a zone is set: more than 0 cm²")
    }
    // An adult scalp has 500 to 700 cm²; a larger zone is a slip of the keyboard.
    guard zone.area <= .squareCentimetres(700) else {
      throw TreatmentError.invalidValue(field: "area", value: "\(zone.area)", limit: "700 cm², a whole scalp")
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
      budget: Int64(entry.budget), dots: Int64(entry.totals.dots),
      strokes: Int64(clamping: entry.totals.strokes),
      uncertainDots: Int64(entry.totals.uncertainDots))
  }
}
