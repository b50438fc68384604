import ArgumentParser
import ControlInterface
import Varlink

struct SessionCloseVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Closes the open session and finishes its recording.")
  static let deed = "close the session"

  /// Finishing the recording of a long session reads it once from end to end.
  private static let longest = Duration.seconds(120)

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await Progress(console, isWanted: !common.json).during("Finishing the recording") {
      try await connected { try await Sessions.Client($0).close(timeout: Self.longest) }
    }
    answer(reply, on: console) {
      let session = reply.session
      return """
        Session \(session.id) is closed: \(Figures.count(session.dots)) dots, \(Figures.count(session.strokes)) strokes.
        Recording: \(TextWidth.harmless(session.file))
        Report: stipplectl session report \(session.id)
        """
    }
  }
}

struct SessionResumeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Continues a session that a failure interrupted.")
  static let deed = "resume the session"

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The session; the newest interrupted one when left out.", completion: Candidates.sessions)
  var id: String?

  func run(on console: Console) async throws {
    let reply = try await connected { try await Sessions.Client($0).resume(.init(id: id)) }
    answer(reply, on: console) {
      let session = reply.session
      let lines =
        ["Session \(session.id) goes on; \(Figures.count(session.strokes)) strokes are recorded."]
        + session.uncertain.map { "Uncertain: \(UncertainText.of($0.firstStroke, $0.lastStroke))." }
      return lines.joined(separator: "\n")
    }
  }
}
