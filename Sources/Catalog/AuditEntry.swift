public import SessionLog
public import Units

/// Something somebody did, before it is in the chain.
public struct AuditEntry: Hashable, Sendable {
  public var at: WallTime
  /// User, group and process as the kernel names them: `uid=1000 gid=1000 pid=4711 stipplectl`.
  public var actor: String
  public var role: String
  /// The method called.
  public var verb: String
  /// Arguments and outcome.
  public var detail: String
  /// Empty outside sessions.
  public var session: String

  public init(at: WallTime, actor: String, role: String, verb: String, detail: String, session: String = "") {
    self.at = at
    self.actor = actor
    self.role = role
    self.verb = verb
    self.detail = detail
    self.session = session
  }

  /// The verb of the entry that binds a finished file's hash to the chain.
  static var sessionClosed: String { "session closed" }
  /// The verb of the entry that says a session's record was deleted, and which: its hash.
  static var sessionPurged: String { "session purged" }

  /// The hash of this entry after `previous`: SHA-256 over the previous hash and each field behind its length, so that no two
  /// entries share a canonical form. `previous` of the first entry is 32 zero bytes.
  func hash(sequence: UInt64, previous: SHA256Digest?) throws(SessionLogError) -> SHA256Digest {
    var canonical = previous?.bytes ?? [UInt8](repeating: 0, count: 32)
    func add(_ number: UInt64) {
      for shift in 0..<8 { canonical.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift)))) }
    }
    add(sequence)
    add(UInt64(bitPattern: at.sinceEpoch.inMicroseconds))
    for text in [actor, role, verb, detail, session] {
      add(UInt64(text.utf8.count))
      canonical.append(contentsOf: text.utf8)
    }
    return try SHA256Digest.of(canonical)
  }
}

/// The end of the chain: an unkeyed chain cannot see a cut tail, so the head is kept elsewhere and compared.
public struct AuditHead: Hashable, Sendable {
  /// Entries in the chain.
  public var length: UInt64
  /// `nil` for an empty chain.
  public var hash: SHA256Digest?
}

/// An entry in its place.
public struct AuditRow: Hashable, Sendable {
  /// From 1, without gaps.
  public var sequence: UInt64
  public var entry: AuditEntry
  public var hash: SHA256Digest
}

/// What the check of the chain found.
public struct AuditVerdict: Hashable, Sendable {
  public struct Problem: Hashable, Sendable {
    /// Of the first entry that is wrong; of the last one when the tail is.
    public var sequence: UInt64
    public var reason: String
  }

  public var head: AuditHead
  /// The first thing wrong; `nil` when the chain holds.
  public var problem: Problem?

  public var holds: Bool { problem == nil }
}
