/// The metadata record of a finished session.
enum SessionMetadata {
  static var name: String { "stipple.session" }

  /// What the file states of itself; the content hash is added when it is written.
  static func values(_ digest: SessionDigest, closing: SessionClosing) -> [String: String] {
    var values: [String: String] = [
      "format": "1", "strokes": String(digest.strokes), "dots": String(digest.dots),
      "missing_strokes": String(digest.missingStrokes), "segments": String(digest.segments.count),
      "uncertain_strokes": digest.uncertain.map { "\($0.firstStroke)-\($0.lastStroke)" }.joined(
        separator: ","),
      "skipped_bytes": String(digest.damage.reduce(UInt64(0)) { $0 + $1.length }),
      "unreadable_records": String(digest.unreadable), "closed_by": closing.closedBy,
      "reason": closing.reason,
    ]
    if let facts = digest.segments.first {
      values["session_id"] = facts.id
      values["machine"] = facts.machine
      values["machine_profile"] = facts.machineProfile
      values["software"] = facts.software
      values["bench"] = facts.isBench ? "true" : "false"
    }
    if let previous = closing.previousSession { values["previous_sha256"] = previous.description }
    return values
  }
}

/// What is said of a session when it is closed.
public struct SessionClosing: Hashable, Sendable {
  /// The user as the kernel names it.
  public var closedBy: String
  public var reason: String
  /// Hash of the session file closed before this one: the chain over sessions.
  public var previousSession: SHA256Digest?

  public init(closedBy: String, reason: String, previousSession: SHA256Digest? = nil) {
    self.closedBy = closedBy
    self.reason = reason
    self.previousSession = previousSession
  }
}
