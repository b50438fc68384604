import ArgumentParser
import ControlInterface
import SessionLog
import Varlink

struct SessionVerifyVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks a recording from end to end.",
    discussion: """
      A session is checked by the daemon, against its catalog too. A file (its name has a / or ends in .mcap or .part) is
      checked here, without a daemon. The status is 8 when something is wrong.
      """)
  static let deed = "verify the recording"

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The session or the file; the open or the newest session when left out.", completion: .file())
  var target: String?

  func run(on console: Console) async throws {
    let progress = Progress(console, isWanted: !common.json)
    let reply = try await progress.during("Checking the recording") {
      if let target, RecordFile.isPath(target) { return try RecordFile(path: target).verdict() }
      return try await connected { connection in
        let id = try await SessionChoice(given: target, deed: Self.deed).id(connection)
        return try await Sessions.Client(connection).verify(.init(id: id), timeout: nil)
      }
    }
    answer(reply, on: console) { text(reply, console) }
    guard reply.isIntact else { throw Refused.alreadyToldOf(.verificationFailed) }
  }

  private func text(_ reply: Sessions.Verify.Reply, _ console: Console) -> String {
    let counts = "\(Figures.count(reply.strokes)) strokes in \(Figures.count(reply.dots)) dots"
    guard !reply.isIntact else { return console.paint("Intact:", .green) + " \(counts)." }
    let findings = reply.findings.map { "  " + TextWidth.harmless($0) }
    let advice = "stipplectl session recover FILE --output FILE keeps what can still be read."
    return
      ([console.paint("NOT INTACT:", .red) + " \(counts) can be read."] + findings + [advice])
      .joined(separator: "\n")
  }
}
