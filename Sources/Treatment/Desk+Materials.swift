import Catalog
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
import Units

extension Desk {
  /// Registers the cartridge that is fitted now. With a serial number it is known again, and refused for another client.
  public func loadCartridge(
    profile name: String, lot: String, serial: String? = nil, expires: String, by author: Author
  ) async throws -> CartridgeWork {
    try await changing {
      let work = try recording()
      try requireNotRunning()
      guard let cartridge = configuration.library.cartridges[name] else {
        throw TreatmentError.notFound(
          kind: "cartridge profile", name: name, known: configuration.library.cartridgeNames)
      }
      let expiry = try date(expires, field: "expires")
      if let profile, !profile.allows(cartridge: name) {
        try putDown(
          profile,
          orRefuse: .invalidValue(
            field: "profile", value: name,
            limit: "needle profile \(profile.name) is for \(profile.cartridges.joined(separator: ", "))"))
      }
      let entry = try catalogued {
        try catalog.registerCartridge(
          CartridgeLabel(
            maker: "unnamed", name: name, lot: lot, serial: serial, expiry: expiry,
            lifeStrokes: UInt64(clamping: cartridge.strokeLife)), in: work.id, at: clock.wall(),
          today: CalendarDate(clock.wall()))
      }
      let loaded = CartridgeWork(entry, from: clock.wall())
      session?.cartridges.append(loaded)
      record(
        MaterialRecord(
          kind: .cartridge, identifier: "\(entry.id)", maker: "", name: name, shade: "", lot: lot,
          expiry: expiry.description, dilution: ""))
      try audit(
        "session.cartridge", "\(name) lot \(lot)" + (serial.map { " serial \($0)" } ?? ""), by: author)
      try await handOverSettings()
      vouch()
      return loaded
    }
  }

  /// Registers the pigment that is used from now on. Returns it with what to warn of.
  public func loadPigment(
    maker: String, name: String, shade: String, batch: String, expires: String, dilutionPercent: Double,
    by author: Author
  ) async throws -> (pigment: PigmentWork, warnings: [String]) {
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
      let warnings = shadeWarnings(try current())
      tell(warnings)
      return (loaded, warnings)
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

extension CartridgeWork {
  func isGood(on day: CalendarDate) -> Bool { CalendarDate(expiry).map { $0 >= day } ?? false }
}

extension PigmentWork {
  func isGood(on day: CalendarDate) -> Bool { CalendarDate(expiry).map { $0 >= day } ?? false }
}
