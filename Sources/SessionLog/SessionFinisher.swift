import MCAP

/// A session that was closed.
public struct FinishedSession: Hashable, Sendable {
  public var path: String
  /// Of the whole file; goes into the catalog's chain.
  public var sha256: SHA256Digest
  public var bytes: UInt64
  public var digest: SessionDigest
}

/// Turns a draft, or the parts, into the finished file.
public struct SessionFinisher: Sendable {
  private let paths: SessionPaths

  public init(paths: SessionPaths) { self.paths = paths }

  /// Finishes a session from its parts alone. What is uncertain must have been declared: resume the session first, or the digest
  /// says so in `open`.
  public mutating func finishFromParts(_ closing: SessionClosing) throws -> FinishedSession {
    let parts = paths.parts
    guard !parts.isEmpty else {
      throw SessionLogError.refused("session \(paths.id) has no parts to finish from")
    }
    var draft = try DraftFile(path: paths.draft)
    let digest = try draft.add(parts: parts).finished
    return try finish(draft, digest, closing)
  }

  /// Removes what a death between rename and clean-up left: parts and draft beside a finished file that verifies.
  public func removeLeftovers() throws {
    guard Folder.exists(paths.finished) else { return }
    guard try SessionFile.verify(paths.finished).state == .intact else {
      throw SessionLogError.refused("\(paths.finished) does not verify; its parts are kept")
    }
    try removeParts()
  }

  mutating func finish(
    _ draft: consuming DraftFile, _ digest: SessionDigest, _ closing: SessionClosing
  ) throws -> FinishedSession {
    var draft = draft
    let content = try draft.finish(SessionMetadata.values(digest, closing: closing))
    let check = try ContentCheck(path: paths.draft)
    guard check.content == content, check.records == digest.records else {
      throw SessionLogError.refused("\(paths.draft) does not read back as it was written; the parts are kept")
    }
    try Folder.rename(paths.draft, to: paths.finished)
    try Folder.synchronise(paths.folder)
    try removeParts()
    return FinishedSession(path: paths.finished, sha256: check.file, bytes: check.bytes, digest: digest)
  }

  private func removeParts() throws {
    // The last part first, so that a death in between leaves a run of parts that still begins at 1.
    for part in paths.parts.reversed() { try Folder.remove(part) }
    try Folder.remove(paths.draft)
    try Folder.remove(paths.reserve)
    try Folder.synchronise(paths.folder)
  }
}

extension DraftFile {
  /// Copies every record the parts still hold; returns what they were.
  mutating func add(parts: [String]) throws -> DigestCollector {
    var collector = DigestCollector()
    for path in parts {
      try SessionReader.read(SessionFileSource.open(path), path: path, into: &collector) {
        message, payload, event in
        if event != nil { try add(message, payload) }
      }
    }
    return collector
  }
}
