/// What decoding a profile gave: the profile when it has no error, and everything found on the way.
public struct Decoded<Profile: Sendable>: Sendable {
  /// `nil` when any problem is an error.
  public let profile: Profile?
  /// Errors and warnings, in the order of the text.
  public let problems: [ProfileProblem]

  public var errors: [ProfileProblem] { problems.filter { $0.severity == .error } }
  public var warnings: [ProfileProblem] { problems.filter { $0.severity == .warning } }

  /// Reads the text, then lets `body` take it apart; the profile counts only if no error was logged.
  static func decode(
    _ source: ProfileSource, _ kind: ProfileKind, _ body: (SectionReader, ProfileHead, ProblemLog) -> Profile?
  ) -> Decoded {
    let text: String
    do {
      text = try source.text()
    } catch {
      return Decoded(profile: nil, problems: [error])
    }
    let log = ProblemLog(file: source.file, text: text)
    guard let root = YamlText.read(text, log: log) else {
      return Decoded(profile: nil, problems: log.problems)
    }
    let section = SectionReader(root, path: "", log: log)
    guard let head = ProfileHead.read(section, kind: kind, source: source) else {
      return Decoded(profile: nil, problems: log.problems)
    }
    let profile = body(section, head, log)
    section.finish()
    return Decoded(profile: log.hasErrors ? nil : profile, problems: log.problems)
  }
}
