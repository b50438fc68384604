public import Catalog
public import Profiles
public import Units

/// A needle profile as it stands now, and which version of it that is.
public struct ShelvedProfile: Equatable, Sendable {
  public var profile: NeedleProfile
  public var version: ProfileVersion
  /// What is unusual about it, in sentences.
  public var warnings: [String]
  /// The newest version that came with the machine's files, where it is not this one's text.
  public var otherShipped: UInt32?

  public var name: String { profile.name }
  /// The text is that of the machine's newest file.
  public var isShipped: Bool { otherShipped == nil }
  public var isConfirmed: Bool { version.state.isConfirmed }
}

/// What is to become of a profile.
public enum ProfileEdit: Equatable, Sendable {
  /// Single fields; comments in the text are kept.
  case changes([NeedleChange])
  /// The whole text.
  case text(String)
}

/// A change that is tried out: it is taken back by itself unless it is confirmed in time.
public struct ProposedChange: Hashable, Sendable {
  public var profile: String
  public var version: UInt32
  public var basedOn: UInt32
  public var author: Author
  public var at: WallTime
  public var differences: [ProfileDifference]
  /// By the loop's clock.
  public var deadline: Instant

  /// What confirms or rejects it: names contain no colon.
  public var ticket: String { "\(profile):\(version)" }
  public var title: String { "\(profile) version \(version)" }
  /// What changes, in one line.
  public var words: String { Self.words(differences) }

  static func words(_ differences: [ProfileDifference]) -> String {
    differences.isEmpty
      ? "comments or layout only" : differences.map(\.description).joined(separator: ", ")
  }
}
