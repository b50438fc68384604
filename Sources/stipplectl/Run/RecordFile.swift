import ControlInterface
import SessionLog

/// A recording that was named as a file: checked here, with no daemon.
struct RecordFile {
  var path: String

  /// Session ids have neither a slash nor these endings.
  static func isPath(_ text: String) -> Bool {
    text.contains("/") || text.hasSuffix(".mcap") || text.hasSuffix(".part")
  }

  /// In the form of the daemon's own answer.
  func verdict() throws -> Sessions.Verify.Reply {
    try mustExist(deed: SessionVerifyVerb.deed)
    let verdict = try SessionFile.verify(path)
    let unfinished = "the recording was never finished: the session is still open, or was interrupted"
    return Sessions.Verify.Reply(
      isIntact: verdict.state == .intact,
      findings: (verdict.state == .unfinished ? [unfinished] : []) + verdict.findings,
      strokes: Int(clamping: verdict.digest.strokes), dots: Int(clamping: verdict.digest.dots))
  }

  func mustExist(deed: String) throws(Trouble) {
    guard TextFile.exists(path) else {
      throw Trouble(
        status: .notFound, headline: "cannot \(deed): there is no file \(path)",
        advice: ["stipplectl session show names a session's recording."])
    }
  }
}
