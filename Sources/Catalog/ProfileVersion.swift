public import SessionLog
public import Units

/// What became of a version of a needle profile.
public enum ProfileVersionState: String, CaseIterable, Hashable, Sendable {
  /// Came with the machine's files, and was put in force.
  case shipped
  /// Came with the machine's files while a technician's own version was in force, and left that alone.
  case setAside = "set_aside"
  /// Tried out, and not confirmed yet. There is one at most.
  case proposed
  case confirmed
  /// Taken back by a person.
  case rejected
  /// Taken back by itself: its time was over, or whoever proposed it was gone.
  case rolledBack = "rolled_back"
  /// An earlier version that was put in force again.
  case restored

  /// The newest version of a profile in one of these states is the one in force when nothing is proposed.
  public var isConfirmed: Bool { self == .shipped || self == .confirmed || self == .restored }
  /// It was confirmed once, or came with the machine: it may be put in force again.
  public var isRestorable: Bool { isConfirmed || self == .setAside }
}

/// A version of a needle profile, as it was written.
public struct ProfileVersion: Hashable, Sendable {
  /// Of the row; what a session's settings refer to.
  public var id: Int64
  public var profile: String
  /// From 1 within its profile, without gaps; never used twice.
  public var number: UInt32
  public var text: String
  /// Of the text.
  public var hash: SHA256Digest
  public var state: ProfileVersionState
  /// The version it was made from; `nil` for one that came with the machine.
  public var basedOn: UInt32?
  /// What it changed, in words: `depth 0.45 mm → 0.5 mm`.
  public var changes: String
  /// Who made it: `uid 1000`, or the program that read it from a file.
  public var actor: String
  public var at: WallTime
  /// Who decided on it and when; `nil` while it is proposed.
  public var decidedBy: String?
  public var decidedAt: WallTime?
  /// Why it was taken back; empty otherwise.
  public var reason: String

  /// `hairline-soft version 4`.
  public var title: String { "\(profile) version \(number)" }
}

/// A version about to be kept.
public struct NewProfileVersion: Hashable, Sendable {
  public var profile: String
  public var text: String
  public var basedOn: UInt32?
  public var changes: String
  public var actor: String

  public init(profile: String, text: String, basedOn: UInt32? = nil, changes: String = "", actor: String) {
    self.profile = profile
    self.text = text
    self.basedOn = basedOn
    self.changes = changes
    self.actor = actor
  }
}

/// Settings that were in force in a session from a time on.
public struct SettingEntry: Hashable, Sendable {
  public var profile: String
  /// Of the profile.
  public var version: UInt32
  /// The version's row; `nil` for sessions recorded before versions were kept.
  public var versionID: Int64?
  public var figures: String
  public var from: WallTime
}
