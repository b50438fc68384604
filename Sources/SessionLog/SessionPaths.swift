/// Where a session's files are.
public struct SessionPaths: Hashable, Sendable {
  public let folder: String
  public let id: String

  /// Throws `.refused` unless the id is 1 to 64 letters, digits, `-` or `_`: it becomes a file name.
  public init(folder: String, id: String) throws(SessionLogError) {
    let allowed = id.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D
        || byte == 0x5F
    }
    guard allowed, (1...64).contains(id.utf8.count) else {
      throw .refused("'\(id.prefix(80))' is no session id: 1 to 64 letters, digits, - or _")
    }
    self.folder = folder
    self.id = id
  }

  /// The finished session.
  public var finished: String { "\(folder)/\(id).mcap" }
  /// The finished session while it is being made; never trusted after a death.
  public var draft: String { "\(folder)/\(id).mcap.draft" }

  /// Ballast that holds room on the disk while the session runs.
  public var reserve: String { "\(folder)/\(id).reserve" }

  /// The session was closed, whatever else is known of it.
  public var isFinished: Bool { Folder.exists(finished) }

  /// A name for what is recovered of the session that no file has yet; `nil` when a hundred have.
  public var unusedRecovery: String? {
    (1...100).map { "\(folder)/\(id).recovered-\($0).mcap" }.first { !Folder.exists($0) }
  }

  /// What is being recorded; segments from 2 come from resuming after a death.
  public func part(_ segment: UInt32) -> String {
    segment == 1 ? "\(folder)/\(id).mcap.part" : "\(folder)/\(id).\(segment).mcap.part"
  }

  /// The parts that are there, in order.
  public var parts: [String] {
    var found: [String] = []
    for segment in 1...Self.mostSegments {
      guard Folder.exists(part(segment)) else { break }
      found.append(part(segment))
    }
    return found
  }

  /// Deletes every file of the session; nothing to do for one that has none. Throws `.system`.
  public func removeEverything() throws(SessionLogError) {
    let recovered = (1...100).map { "\(folder)/\(id).recovered-\($0).mcap" }.filter(Folder.exists)
    for path in parts.reversed() + recovered + [draft, reserve, finished] { try Folder.remove(path) }
    try Folder.synchronise(folder)
  }

  /// The most segments of one session: each costs a death of the daemon and a resume by hand.
  static var mostSegments: UInt32 { 999 }
}
