import ArgumentParser
import ControlInterface
import Glibc
import SessionLog
import Varlink

struct SessionRecoverVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "recover", abstract: "Writes what a damaged recording still holds into a new file.",
    discussion: """
      Files (a name with a / or ending in .mcap or .part) are read here, without a daemon; segments of one session are given
      together, in order, and --output names the new file. A session is recovered by the daemon, beside its recording.
      """)
  static let deed = "recover the recording"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The session, or the damaged file or its segments.", completion: .file())
  var files: [String]
  @Option(help: ArgumentHelp("The file to write; it must not exist.", valueName: "file"), completion: .file())
  var output: String?

  func validate() throws {
    guard files.contains(where: RecordFile.isPath) else {
      guard files.count == 1, output == nil else {
        throw ValidationError("One session, and no --output: the daemon writes beside its recording.")
      }
      return
    }
    guard output != nil else { throw ValidationError("Files need --output FILE.") }
  }

  func run(on console: Console) async throws {
    guard let output else { return try await recoverSession(on: console) }
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
    console.print(
      common.json ? JSONWriter.text(json(digest, output), indent: 2) : text(digest, output, console))
  }

  private func recoverSession(on console: Console) async throws {
    let reply = try await Progress(console, isWanted: !common.json).during("Recovering") {
      try await connected { try await Sessions.Client($0).recover(.init(id: files[0]), timeout: nil) }
    }
    answer(reply, on: console) {
      let head =
        console.paint("Recovered:", .green)
        + " \(Figures.count(reply.strokes)) strokes in \(Figures.count(reply.dots)) dots, to \(TextWidth.harmless(reply.file))."
      let damage = reply.skipped.map {
        "  " + TextWidth.harmless("skipped \($0.lengthBytes) bytes at offset \($0.offsetBytes): \($0.reason)")
      }
      return ([head] + damage).joined(separator: "\n")
    }
  }

  private func text(_ digest: SessionDigest, _ output: String, _ console: Console) -> String {
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

  private func json(_ digest: SessionDigest, _ output: String) -> JSONValue {
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
