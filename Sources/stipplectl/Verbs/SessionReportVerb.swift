import ArgumentParser
import ControlInterface
import Varlink

struct SessionReportVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Gives a session's report, here or as a page for the browser.",
    discussion: "A file (its name has a / or ends in .mcap or .part) is read here, without a daemon.")
  static let deed = "give the report"

  /// The first piece waits for the whole recording to be read.
  private static let longestPiece = Duration.seconds(120)

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The session or its recording's file; the open or the newest session when left out.",
    completion: .file())
  var target: String?
  @Option(
    help: ArgumentHelp("Write the page to this file.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  func run(on console: Console) async throws {
    let (source, pieces) = try await pieces(Progress(console, isWanted: !common.json))
    if let html {
      try TextFile.write(pieces, to: html)
      let answer: JSONValue = ["source": .string(source), "file": .string(html)]
      console.print(
        common.json ? JSONWriter.text(answer, indent: 2) : "The report of \(source) is in \(html).")
    } else if common.json {
      let answer: JSONValue = ["source": .string(source), "text": .string(pieces.joined())]
      console.print(JSONWriter.text(answer, indent: 2))
    } else {
      let text = pieces.joined()
      console.write(text.hasSuffix("\n") ? text : text + "\n")
    }
  }

  /// What the report is about, and the report.
  private func pieces(_ progress: Progress) async throws -> (String, [String]) {
    let wantsPage = html != nil
    if let target, RecordFile.isPath(target) {
      let report = try await progress.during("Reading the recording") {
        wantsPage ? try ReportFile.html(target) : try ReportFile.text(target)
      }
      return (target, [report])
    }
    return try await connected { connection in
      let session = try await SessionChoice(given: target, deed: Self.deed).id(connection)
      let parameters = Sessions.Report.Parameters(id: session, format: wantsPage ? .html : .text)
      var (pieces, length): ([String], Int) = ([], 0)
      progress.show("Reading the recording …")
      defer { progress.end() }
      for try await reply in Sessions.Client(connection).report(parameters, timeout: Self.longestPiece) {
        pieces.append(reply.piece)
        length += reply.piece.utf8.count
        progress.show("Report: \(length >> 10) KiB")
      }
      return ("session \(session)", pieces)
    }
  }
}
