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
      let work = try recording()
      guard !work.isBench else {
        throw TreatmentError.wrongSession(
          is: "a bench session has no zones", needed: "a session for a client")
      }
      var next =
        work.zones.first { $0.zone == zone }
        ?? ZoneWork(zone: zone, attributes: [], area: .zero, budget: 0)
      if let attributes { next.attributes = attributes }
      if let area { next.area = area }
      try check(next, work)
      let ceiling = envelopeForBudget(work).dotsPerSquareCentimetre
      next.budget = next.area.dots(perSquareCentimetre: ceiling)
      try await grant(next)
      _ = try catalogued {
        try catalog.setZone(
          ZoneSetting(
            name: zone.name, attributes: next.attributes.names.joined(separator: ","), area: next.area,
            ceilingDensity: UInt32(clamping: ceiling)), in: work.id, at: clock.wall())
      }
      session?.currentZone = zone
      if session?.zone == nil { session?.zones.append(next) }
      session?.update(zone) { $0 = next }
      keeper?.record {
        try $0.append(
          ZoneRecord(
            name: zone.name, attributes: next.attributes.names.joined(separator: ","), area: next.area,
            ceilingDensity: UInt32(clamping: ceiling), budget: UInt32(clamping: next.budget),
            dotsBefore: UInt32(clamping: next.dots + next.uncertainDots)), at: clock.now())
      }
      try audit("session.zone", "\(zone.name) \(next.area)", by: author)
      vouch()
      return next
    }
  }

  private func check(_ zone: ZoneWork, _ work: SessionWork) throws {
    guard zone.area > .zero else {
      throw TreatmentError.invalidValue(
        field: "area", value: "\(zone.area)", limit: "needed the first time a zone is set: more than 0 cm²")
    }
    // An adult scalp has 500 to 700 cm²; a larger zone is a slip of the keyboard.
    guard zone.area <= .squareCentimetres(700) else {
      throw TreatmentError.invalidValue(field: "area", value: "\(zone.area)", limit: "700 cm², a whole scalp")
    }
    if let profile, !profile.allows(zone.zone, attributes: zone.attributes) {
      throw TreatmentError.invalidValue(
        field: "zone", value: zone.zone.name,
        limit:
          "profile \(profile.name) is for \(profile.zones.map(\.name).joined(separator: ", ")); choose another"
      )
    }
  }

  private func envelopeForBudget(_ work: SessionWork) -> Ceilings {
    envelope(for: work)?.ceilings ?? configuration.machine.ceilings
  }

  /// Gives the loop a zone, held against the profile in use.
  private func grant(_ zone: ZoneWork) async throws {
    let grant = ZoneGrant(zone: zone.zone, depthGroup: zone.depthGroup, dotsRemaining: zone.dotsRemaining)
    if let profile, let plan = StrokePlan(profile.settings, on: configuration.machine.geometry) {
      let cartridge = session?.cartridges.last.flatMap { configuration.library.cartridges[$0.profile] }
      let envelope = Envelope(
        machine: configuration.machine, cartridge: cartridge, needle: profile, depthGroup: zone.depthGroup)
      if let limit = envelope.breach(of: plan) {
        throw TreatmentError.invalidValue(
          field: "zone", value: zone.zone.name,
          limit:
            "profile \(profile.name) breaks the limit on \(limit.name) there; choose another profile first")
      }
    }
    guard case .done = try await order(.zone(grant)) else { throw TreatmentError.wrongState(status.state) }
  }

  /// The bench has no zone: its depth group, and a budget that its strokes cannot reach.
  func setBenchZone() async throws {
    let grant = ZoneGrant(zone: .hairline, depthGroup: .bench, dotsRemaining: .max / 2)
    guard case .done = try await order(.zone(grant)) else { throw TreatmentError.wrongState(status.state) }
  }

  /// Registers the cartridge that is fitted now.
  public func loadCartridge(profile name: String, lot: String, expires: String, by author: Author)
    async throws
    -> CartridgeWork
  {
    try await changing {
      let work = try recording()
      try requireNotRunning()
      guard let cartridge = configuration.library.cartridges[name] else {
        throw TreatmentError.notFound(
          kind: "cartridge profile", name: name, known: configuration.library.cartridgeNames)
      }
      if let profile, !profile.allows(cartridge: name) {
        throw TreatmentError.invalidValue(
          field: "profile", value: name,
          limit: "needle profile \(profile.name) is for \(profile.cartridges.joined(separator: ", "))")
      }
      let expiry = try date(expires, field: "expires")
      let entry = try catalogued {
        try catalog.registerCartridge(
          CartridgeLabel(
            maker: "unnamed", name: name, lot: lot, expiry: expiry,
            lifeStrokes: UInt64(clamping: cartridge.strokeLife)), in: work.id, at: clock.wall(),
          today: CalendarDate(clock.wall()))
      }
      let loaded = CartridgeWork(entry, from: clock.wall())
      session?.cartridges.append(loaded)
      record(
        MaterialRecord(
          kind: .cartridge, identifier: "\(entry.id)", maker: "", name: name, shade: "", lot: lot,
          expiry: expiry.description, dilution: ""))
      try audit("session.cartridge", "\(name) lot \(lot)", by: author)
      try await handOverSettings()
      vouch()
      return loaded
    }
  }

  /// Registers the pigment that is used from now on.
  public func loadPigment(
    maker: String, name: String, shade: String, batch: String, expires: String, dilutionPercent: Double,
    by author: Author
  ) async throws -> PigmentWork {
    try await changing {
      let work = try recording()
      guard dilutionPercent > 0, dilutionPercent <= 100 else {
        throw TreatmentError.invalidValue(
          field: "dilution_percent", value: "\(dilutionPercent)",
          limit: "more than 0, at most 100 (undiluted)")
      }
      let expiry = try date(expires, field: "expires")
      let entry = try catalogued {
        try catalog.registerPigment(
          PigmentLabel(maker: maker, name: name, shade: shade, lot: batch, expiry: expiry),
          dilution: "\(dilutionPercent) %", in: work.id, at: clock.wall(), today: CalendarDate(clock.wall()))
      }
      let loaded = PigmentWork(entry, dilution: "\(dilutionPercent) %", from: clock.wall())
      session?.pigments.append(loaded)
      record(
        MaterialRecord(
          kind: .pigment, identifier: "\(entry.id)", maker: maker, name: name, shade: shade, lot: batch,
          expiry: expiry.description, dilution: "\(dilutionPercent) %"))
      try audit("session.pigment", "\(name) \(shade) batch \(batch)", by: author)
      vouch()
      return loaded
    }
  }

  private func record(_ material: MaterialRecord) {
    keeper?.record { try $0.append(material, at: clock.now()) }
  }

  private func date(_ text: String, field: String) throws -> CalendarDate {
    guard let date = CalendarDate(text) else {
      throw TreatmentError.invalidValue(field: field, value: text, limit: "a day as YYYY-MM-DD")
    }
    return date
  }

  /// The session at hand, if it is being recorded.
  func recording() throws -> SessionWork {
    let work = try current()
    guard !work.isInterrupted else {
      throw TreatmentError.wrongSession(is: "session \(work.id) is interrupted", needed: "resume it first")
    }
    return work
  }

  private func requireNotRunning() throws {
    let state = status.state
    guard state != .running, state != .stopping else { throw TreatmentError.wrongState(state) }
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

extension CartridgeWork {
  init(_ entry: CartridgeEntry, from: WallTime) {
    self.init(
      catalogID: entry.id, profile: entry.label.name, lot: entry.label.lot,
      expiry: entry.label.expiry.description, loadedAt: from, strokesBefore: entry.usedStrokes,
      life: entry.label.lifeStrokes)
  }
}

extension PigmentWork {
  init(_ entry: PigmentEntry, dilution: String, from: WallTime) {
    let number = dilution.split(separator: " ").first.flatMap { Double($0) } ?? 100
    self.init(
      maker: entry.label.maker, name: entry.label.name, shade: entry.label.shade, batch: entry.label.lot,
      expiry: entry.label.expiry.description, dilutionPercent: number, loadedAt: from)
  }
}
