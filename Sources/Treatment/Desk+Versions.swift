public import Catalog
import NeedleSafety
public import Profiles
import Units

extension Desk {
  /// All versions of a profile, oldest first. Throws `.notFound` for a profile that never was.
  public func versions(of name: String) throws -> [ProfileVersion] {
    let versions = try catalogued { try catalog.profileVersions(of: name) }
    if versions.isEmpty { _ = try shelved(name) }
    return versions
  }

  /// One version of a profile. Throws `.notFound`.
  public func version(_ number: UInt32, of name: String) throws -> ProfileVersion {
    let all = try versions(of: name)
    guard let version = all.first(where: { $0.number == number }) else {
      throw TreatmentError.notFound(
        kind: "version of \(name)", name: "\(number)", known: all.suffix(20).map { "\($0.number)" })
    }
    return version
  }

  /// A profile as it was at a version, if that may be used on this machine today. Throws `.notFound` and `.profileRefused`.
  public func shelved(_ name: String, version number: UInt32) throws -> ShelvedProfile {
    try read(try version(number, of: name), among: try versions(of: name))
  }

  /// What differs between two profiles, beside the ceilings of this machine.
  public func differences(from old: NeedleProfile, to new: NeedleProfile) -> [ProfileDifference] {
    new.differences(from: old, in: configuration.library.surroundings)
  }

  /// What was in force in a session, in its order.
  public func settings(of session: String) throws -> [SettingEntry] {
    try catalogued { try catalog.settings(of: session) }
  }

  /// Puts an earlier version in force again, at the next stroke boundary where the profile is in use: as a new version, so that the history
  /// stays whole. It was confirmed once and is held against today's ceilings; it needs no second confirmation.
  public func restoreProfile(_ name: String, to number: UInt32, by author: Author) async throws
    -> (profile: ShelvedProfile, differences: [ProfileDifference])
  {
    try await changing {
      tick()
      try requireNoPending()
      let old = try version(number, of: name)
      guard old.state.isRestorable else {
        throw TreatmentError.wrongSession(
          is: "\(old.title) was never confirmed (\(old.state.words))",
          needed: "a version that was; or propose its text anew")
      }
      let standing = shelf[name]
      guard standing?.version.text != old.text else {
        throw TreatmentError.invalidValue(
          field: "version", value: "\(number)",
          limit: "one that differs from version \(standing?.version.number ?? number), which is in force")
      }
      let all = try versions(of: name)
      let wanted = try read(old, among: all)
      if inUse?.name == name { try checkFit(wanted.profile) }
      let differences = standing.map {
        wanted.profile.differences(from: $0.profile, in: configuration.library.surroundings)
      }
      let words = differences.map { ProposedChange.words($0) } ?? "as version \(number)"
      let entry = auditLine("profile.restore", "", by: author)
      let version = try catalogued {
        try catalog.restoreProfile(
          NewProfileVersion(
            profile: name, text: old.text, basedOn: number, changes: words, actor: author.name),
          at: clock.wall()
        ) { version in
          var entry = entry
          entry.detail = "\(version.title) from \(number): \(words)"
          return entry
        }
      }
      recordAction("profile.restore", "\(version.title) from \(number): \(words)", by: author)
      var restored = wanted
      restored.version = version
      shelf[name] = restored
      try await swapIn(restored)
      note(JournalEntry(.info, "\(version.title) is version \(number) again", ["STIPPLE_PROFILE": name]))
      return (restored, differences ?? [])
    }
  }
}

extension ProfileVersionState {
  /// As it stands in a sentence.
  public var words: String {
    switch self {
    case .shipped: "as shipped"
    case .setAside: "shipped, and set aside"
    case .proposed: "proposed"
    case .confirmed: "confirmed"
    case .rejected: "rejected"
    case .rolledBack: "rolled back"
    case .restored: "restored"
    }
  }
}
