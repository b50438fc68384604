import NeedleSafety
public import Profiles
import StrokeControl

extension Desk {
  /// The name of the profile in use.
  public var activeProfile: String? { settingsAccepted ? profile?.name : nil }

  /// Puts a needle profile in force: at the next stroke boundary while running.
  public func activate(_ name: String, by author: Author) async throws -> NeedleProfile {
    try await changing {
      guard let wanted = configuration.library.needles[name] else {
        let near = configuration.library.nearestNeedle(to: name)
        throw TreatmentError.notFound(
          kind: "needle profile", name: name, known: near.map { [$0] } ?? configuration.library.needleNames)
      }
      try check(wanted)
      let previous = (profile, settingsAccepted)
      profile = wanted
      do {
        try await handOverSettings()
      } catch {
        (profile, settingsAccepted) = previous
        throw error
      }
      try await refreshBudget()
      try audit("profile.activate", name, by: author)
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
    profile = nil
    settingsAccepted = false
  }

  /// A profile has to fit the zone, the cartridge and the kind of session at hand.
  private func check(_ wanted: NeedleProfile) throws {
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
    guard let profile else { return }
    var ceilings = profile.ceilings
    if let cartridge = session?.cartridges.last.flatMap({ configuration.library.cartridges[$0.profile] }) {
      ceilings = cartridge.tighten(ceilings)
    }
    settingsVersion &+= 1
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
}
