import ArgumentParser
import Glibc
import SessionLog
import Varlink

struct SessionRecoverVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "recover", abstract: "Writes what a damaged recording still holds into a new file.",
    discussion:
      "Works on files alone, without a daemon. Segments of one session are given together, in order.")
  static let deed = "recover the recording"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The damaged recording, or its segments.", completion: .file()) var files: [String]
  @Option(help: ArgumentHelp("The file to write; it must not exist.", valueName: "file"), completion: .file())
  var output: String

  func run(on console: Console) async throws {
    for file in files { try RecordFile(path: file).mustExist(deed: Self.deed) }
    guard !TextFile.exists(output) else {
      throw Trouble(
        status: .failure, headline: "cannot recover the recording: \(output) exists already",
        advice: ["Name another file with --output."])
    }
    let closing = SessionClosing(closedBy: "uid \(getuid())", reason: "recovered by stipplectl")
    let digest = try await Progress(console, isWanted: !common.json).during("Recovering") {
      try SessionFile.recover(files, to: output, closing)
    }
    console.print(common.json ? JSONWriter.text(json(digest), indent: 2) : text(digest, console))
  }

  private func text(_ digest: SessionDigest, _ console: Console) -> String {
    var lines = [
      console.paint("Recovered:", .green)
        + " \(Figures.count(Int(clamping: digest.strokes))) strokes in \(Figures.count(Int(clamping: digest.dots))) dots, to \(output)."
    ]
    for damage in digest.damage {
      lines.append(
        "  \(damage.path): skipped \(damage.length) bytes at offset \(damage.offset): \(damage.reason)")
    }
    if let open = digest.open { lines.append("  " + uncertain(open)) }
    return lines.joined(separator: "\n")
  }

  private func uncertain(_ interval: SessionLog.UncertainInterval) -> String {
    UncertainText.of(Int(clamping: interval.firstStroke), Int(clamping: interval.lastStroke))
  }

  private func json(_ digest: SessionDigest) -> JSONValue {
    let damage = digest.damage.map { damage -> JSONValue in
      [
        "path": .string(damage.path), "offset": .integer(Int64(clamping: damage.offset)),
        "length": .integer(Int64(clamping: damage.length)), "reason": .string(damage.reason),
      ]
    }
    return [
      "output": .string(output), "strokes": .integer(Int64(clamping: digest.strokes)),
      "dots": .integer(Int64(clamping: digest.dots)), "skipped": .array(damage),
    ]
  }
}
