import MCAP

/// What was found when a session's file was held against itself.
public struct SessionVerdict: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    /// Finished, every checksum, count and index right.
    case intact
    /// Never finished, but nothing in it is damaged.
    case unfinished
    /// Something is wrong; the findings say what.
    case damaged
  }

  public var state: State
  /// One sentence each.
  public var findings: [String]
  public var bytes: UInt64
  /// Of the file as it is.
  public var sha256: SHA256Digest
  public var digest: SessionDigest
  /// What the file states of itself; empty for an unfinished one.
  public var metadata: [String: String]

  /// Of a file nobody has looked at: never mistaken for a sound one.
  public static var unread: SessionVerdict {
    SessionVerdict(
      state: .damaged, findings: ["the file was not read"], bytes: 0, sha256: .zero, digest: SessionDigest(),
      metadata: [:])
  }
}

/// Verification and recovery of a single file, with or without a daemon.
public enum SessionFile {
  /// Holds a file against itself. Damage is a verdict, not an error; throws only when the file cannot be read, and what `body`
  /// throws, which sees every event on the way.
  public static func verify(
    _ path: String, _ body: (SessionEvent) throws -> Void = { _ in }
  ) throws -> SessionVerdict {
    let source = try SessionFileSource.open(path)
    let digest = try SessionReader.read([path], body)
    var verdict = SessionVerdict(
      state: .intact,
      findings: digest.damage.map { "skipped \($0.length) bytes at offset \($0.offset): \($0.reason)" },
      bytes: source.byteCount, sha256: try SHA256Digest.of(source), digest: digest, metadata: [:])
    if digest.unreadable > 0 { verdict.findings.append("\(digest.unreadable) records cannot be read") }
    do {
      var reader = try MCAPIndexedReader(source)
      verdict.metadata = try reader.metadata(named: SessionMetadata.name)?.values ?? [:]
    } catch MCAPError.noSummary {
      if digest.isClosed {
        verdict.findings.append("the end of the file is missing: it was closed and cut off later")
      }
      verdict.state = verdict.findings.isEmpty ? .unfinished : .damaged
      return verdict
    } catch {
      verdict.findings.append(error.description)
    }
    do {
      let check = try ContentCheck(path: path)
      if check.content.description != verdict.metadata["content_sha256"] {
        verdict.findings.append("the records do not have the hash that the file states")
      }
      if verdict.metadata["strokes"] != String(digest.strokes)
        || verdict.metadata["dots"] != String(digest.dots)
      {
        verdict.findings.append("the numbers of strokes and dots are not those that the file states")
      }
    } catch SessionLogError.container(_, let error) {
      verdict.findings.append(error.description)
    }
    if !verdict.findings.isEmpty { verdict.state = .damaged }
    return verdict
  }

  /// Writes everything that files still hold into a new finished file; `paths` are the segments of one session.
  ///
  /// `output` must not exist. The digest says what was skipped.
  public static func recover(_ paths: [String], to output: String, _ closing: SessionClosing) throws
    -> SessionDigest
  {
    guard !Folder.exists(output) else { throw SessionLogError.refused("\(output) exists already") }
    var draft = try DraftFile(path: output + ".draft")
    let digest = try draft.add(parts: paths).finished
    guard digest.records > 0 else {
      try Folder.remove(output + ".draft")
      throw SessionLogError.refused("\(paths.joined(separator: ", ")): no complete chunk is left")
    }
    _ = try draft.finish(SessionMetadata.values(digest, closing: closing))
    try Folder.rename(output + ".draft", to: output)
    return digest
  }
}
