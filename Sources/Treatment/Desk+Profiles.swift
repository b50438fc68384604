import Catalog
import NeedleSafety
import Profiles
import StrokeControl
import Units

extension Desk {
  /// The profile in use; `nil` while the loop has none.
  public var profileInUse: ShelvedProfile? { settingsAccepted ? inUse : nil }
  /// The name of the profile in use.
  public var activeProfile: String? { profileInUse?.name }

  /// All needle profiles by name; of one that is tried out, what is tried out.
  public var profiles: [ShelvedProfile] { shelf.keys.sorted().compactMap(current) }

  /// A needle profile as it stands now. Throws `.notFound`.
  public func shelved(_ name: String) throws -> ShelvedProfile {
    guard let found = current(name) else {
      let near = configuration.library.nearestNeedle(to: name).flatMap { shelf[$0] == nil ? nil : $0 }
      throw TreatmentError.notFound(
        kind: "needle profile", name: name, known: near.map { [$0] } ?? shelf.keys.sorted())
    }
    return found
  }

  private func current(_ name: String) -> ShelvedProfile? {
    if let pending, pending.change.profile == name { return pending.proposed }
    return shelf[name]
  }

  /// Puts a needle profile in force: at the next stroke boundary while running.
  public func activate(_ name: String, by author: Author) async throws -> ShelvedProfile {
    try await changing {
      let wanted = try shelved(name)
      try check(wanted.profile)
      let previous = (inUse, settingsAccepted)
      inUse = wanted
      do {
        try await handOverSettings()
      } catch {
        (inUse, settingsAccepted) = previous
        throw error
      }
      try await refreshBudget()
      try audit("profile.activate", wanted.version.title, by: author)
      vouch()
      return wanted
    }
  }

  /// Takes a profile out of use that does not fit what comes; arming then asks for another. While the machine is armed this is
  /// refused instead.
  func putDown(_ profile: NeedleProfile, orRefuse refusal: TreatmentError) throws {
    let state = status.state
    guard state == .standby || state == .fault else { throw refusal }
    takeOutOfUse()
    note(
      JournalEntry(.info, "profile \(profile.name) is out of use: it does not fit the zone or the cartridge"))
  }

  /// Until another one is chosen there is none to arm with.
  func takeOutOfUse() {
    inUse = nil
    settingsAccepted = false
  }

  /// A profile has to fit the zone, the cartridge and the kind of session at hand.
  func check(_ wanted: NeedleProfile) throws {
    guard let work = session else { return }
    if wanted.isBench, !work.isBench {
      throw TreatmentError.invalidValue(
        field: "name", value: wanted.name, limit: "this profile is for bench sessions only")
    }
    if let zone = work.zone, !wanted.allows(zone.zone, attributes: zone.attributes) {
      throw TreatmentError.invalidValue(
        field: "name", value: wanted.name,
        limit:
          "it is for \(wanted.zones.map(\.name).joined(separator: ", ")); the zone at hand is \(zone.zone.name)"
      )
    }
    if let cartridge = work.cartridges.last, !wanted.allows(cartridge: cartridge.profile) {
      throw TreatmentError.invalidValue(
        field: "name", value: wanted.name,
        limit: "it is for \(wanted.cartridges.joined(separator: ", ")); the cartridge is \(cartridge.profile)"
      )
    }
  }

  /// Gives the loop the profile in use with the ceilings of the cartridge. Nothing to do without a profile.
  func handOverSettings() async throws {
    guard let shelved = inUse else { return }
    let profile = shelved.profile
    var ceilings = profile.ceilings
    if let cartridge = session?.cartridges.last.flatMap({ configuration.library.cartridges[$0.profile] }) {
      ceilings = cartridge.tighten(ceilings)
    }
    settingsVersion &+= 1
    grants[settingsVersion] = shelved
    let grant = SettingsGrant(version: settingsVersion, settings: profile.settings, ceilings: ceilings)
    switch try await order(.settings(grant)) {
    case .done: settingsAccepted = true
    case .refused(let limit):
      throw TreatmentError.invalidValue(
        field: "name", value: profile.name,
        limit: "its \(limit.name) is beyond what machine, cartridge and zone allow")
    default: throw TreatmentError.wrongState(status.state)
    }
  }

  // MARK: At start

  /// At start: a change that a dead process left proposed is taken back, what the files hold is read into the catalog where it is new, and
  /// the newest confirmed version of each profile is put on the shelf.
  func takeUpProfiles() {
    do {
      let reason = "the daemon ended before it was confirmed"
      for version in try rollBackLeftProposals(because: reason) {
        note(JournalEntry(.warning, "\(version.title) was rolled back: \(reason)"))
      }
    } catch {
      note(JournalEntry(.error, "a profile change that was left proposed cannot be taken back: \(error)"))
    }
    readInProfiles()
  }

  /// Reads what the files hold into the catalog where it is new, and puts the newest confirmed version of each profile on the shelf.
  func readInProfiles() {
    let daemon = daemon
    do {
      let texts = configuration.library.needleNames.compactMap { name in
        configuration.library.needleTexts[name].map {
          NewProfileVersion(profile: name, text: $0, actor: daemon.process)
        }
      }
      let now = clock.wall()
      let imported = try catalog.importProfiles(texts, at: now) { versions in
        let words = versions.map { "\($0.title) \($0.state.rawValue) \($0.hash)" }.joined(separator: "; ")
        return AuditEntry(
          at: now, actor: daemon.description, role: daemon.role, verb: "profile.import", detail: words)
      }
      for version in imported where version.state == .setAside {
        note(
          JournalEntry(
            .warning,
            "the file of \(version.profile) has changed; a technician's version stays in force, and the file's is kept as version \(version.number)"
          ))
      }
    } catch {
      note(JournalEntry(.error, "the needle profiles cannot be read into the catalog: \(error)"))
    }
    shelf = [:]
    for name in configuration.library.needleTexts.keys.sorted() { putOnShelf(name) }
  }

  /// Rolls back what is proposed in the catalog and nobody tries out.
  func rollBackLeftProposals(because reason: String) throws -> [ProfileVersion] {
    let (daemon, now) = (daemon, clock.wall())
    return try catalog.rollBackProposals(reason: reason, at: now, by: daemon.process) { version in
      AuditEntry(
        at: now, actor: daemon.description, role: daemon.role, verb: "profile.rollback",
        detail: "\(version.title): \(reason)")
    }
  }

  private func putOnShelf(_ name: String) {
    do {
      let versions = try catalog.profileVersions(of: name)
      guard let version = versions.last(where: { $0.state.isConfirmed }) else { return }
      let shelved = try read(version, among: versions)
      shelf[name] = shelved
    } catch TreatmentError.profileRefused(let problems, _) {
      note(
        JournalEntry(
          .error,
          "profile \(name) cannot be used on this machine as it was confirmed: \(problems.first?.message ?? ""); restore another version of it"
        ))
    } catch {
      note(JournalEntry(.error, "profile \(name) cannot be used: \(error)"))
    }
  }

  /// A version as it may be used on this machine. Throws `.profileRefused`.
  func read(_ version: ProfileVersion, among versions: [ProfileVersion]) throws -> ShelvedProfile {
    let decoded = configuration.library.decodeNeedle(version.text, named: version.profile)
    guard let profile = decoded.profile else {
      throw TreatmentError.profileRefused(decoded.errors, text: version.text)
    }
    return ShelvedProfile(
      profile: profile, version: version, warnings: decoded.warnings.map(\.message),
      otherShipped: versions.shipped(otherThan: version))
  }

  /// The daemon as an author: what happens by itself.
  var daemon: Author {
    Author(userID: 0, groupID: 0, processID: 0, process: configuration.software, role: "service")
  }
}

extension [ProfileVersion] {
  /// The newest text that a file brought, where it is not this version's.
  func shipped(otherThan version: ProfileVersion) -> UInt32? {
    let shipped = last { $0.state == .shipped || $0.state == .setAside }
    return shipped.flatMap { $0.text == version.text ? nil : $0.number }
  }
}
