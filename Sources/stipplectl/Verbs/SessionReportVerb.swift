import ArgumentParser
import ControlInterface
import Varlink

struct SessionReportVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Gives a session's report, here or as a page for the browser.")
  static let deed = "give the report"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The session; the open or the newest one when left out.") var id: String?
  @Option(
    help: ArgumentHelp("Write the page to this file.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  func run(on console: Console) async throws {
    let progress = Progress(console, isWanted: !common.json)
    let (session, pieces) = try await connected { connection in
      let session = try await SessionChoice(given: id, deed: Self.deed).id(connection)
      let parameters = Sessions.Report.Parameters(id: session, format: html == nil ? .text : .html)
      var (pieces, length): ([String], Int) = ([], 0)
      progress.show("Reading the recording …")
      defer { progress.end() }
      for try await reply in Sessions.Client(connection).report(parameters) {
        pieces.append(reply.piece)
        length += reply.piece.utf8.count
        progress.show("Report: \(length >> 10) KiB")
      }
      return (session, pieces)
    }
    if let html {
      try TextFile.write(pieces, to: html)
      let answer: JSONValue = ["id": .string(session), "file": .string(html)]
      console.print(
        common.json ? JSONWriter.text(answer, indent: 2) : "The report of session \(session) is in \(html).")
    } else if common.json {
      let answer: JSONValue = ["id": .string(session), "text": .string(pieces.joined())]
      console.print(JSONWriter.text(answer, indent: 2))
    } else {
      let text = pieces.joined()
      console.write(text.hasSuffix("\n") ? text : text + "\n")
    }
  }
}
