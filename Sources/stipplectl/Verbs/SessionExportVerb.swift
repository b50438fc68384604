import ArgumentParser
import ControlInterface
import SessionLog
import Varlink

struct SessionExportVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Gives a recording in another form: csv, jsonl or mcap.",
    discussion: """
      csv holds one channel (/stroke unless --channel names another), jsonl all of them. A file (its name has a / or ends in
      .mcap or .part) is read here, without a daemon.
      """)
  static let deed = "export the recording"

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl, mcap }

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The session or its recording's file; the open or the newest session when left out.",
    completion: .file())
  var target: String?
  @Option(help: "csv, jsonl or mcap.") var format: Format
  @Option(help: ArgumentHelp("The file to write; it must not exist.", valueName: "file"), completion: .file())
  var output: String
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Only this channel, such as /dot; may be given several times.", valueName: "channel"))
  var channel: [String] = []

  func run(on console: Console) async throws {
    guard !TextFile.exists(output) else {
      throw Trouble(
        status: .failure, headline: "cannot export the recording: \(output) exists already",
        advice: ["Name another file with --output."])
    }
    let progress = Progress(console, isWanted: !common.json)
    defer { progress.end() }
    let file = try ExportFile(output)
    do {
      if let target, RecordFile.isPath(target) {
        try exportFile(target, to: file, progress)
      } else {
        try await exportSession(to: file, progress)
      }
      try file.finish()
    } catch {
      file.abandon()
      throw error
    }
    progress.end()
    let answer: JSONValue = ["output": .string(output), "bytes": .integer(Int64(file.bytes))]
    console.print(
      common.json
        ? JSONWriter.text(answer, indent: 2) : "\(Figures.count(file.bytes)) bytes are in \(output).")
  }

  private func exportSession(to file: ExportFile, _ progress: Progress) async throws {
    try await connected { connection in
      let id = try await SessionChoice(given: target, deed: Self.deed).id(connection)
      let parameters = Sessions.Export.Parameters(
        id: id, format: .init(rawValue: format.rawValue) ?? .jsonl, channels: channel.isEmpty ? nil : channel)
      for try await reply in Sessions.Client(connection).export(parameters, timeout: .seconds(120)) {
        if format == .mcap {
          guard let bytes = Base64.bytes(reply.piece) else {
            throw Trouble(
              status: .failure, headline: "cannot export the recording: a piece of it is not Base64",
              advice: [Remedies.sameVersion])
          }
          try file.write(bytes)
        } else {
          try file.write(Array(reply.piece.utf8))
        }
        progress.show(reply.doneBytes >> 10, of: reply.totalBytes >> 10, "KiB of the recording")
      }
    }
  }

  private func exportFile(_ path: String, to file: ExportFile, _ progress: Progress) throws {
    try RecordFile(path: path).mustExist(deed: Self.deed)
    let total = try FileBytes.count(path)
    guard format != .mcap else { return try copy(path, total, to: file, progress) }
    let channels = try channel.map { name throws(Trouble) in
      guard let channel = SessionChannel(topic: name) else {
        throw Trouble(
          status: .notFound, headline: "cannot export the recording: there is no channel '\(name)'",
          advice: ["There are: \(SessionChannel.allCases.map(\.topic).joined(separator: ", "))."])
      }
      return channel
    }
    let export: SessionExport
    do {
      export = try SessionExport(
        format == .csv ? .csv : .jsonl, channels: channels.isEmpty ? nil : Set(channels))
    } catch {
      throw Trouble(status: .invalidValue, headline: "cannot export the recording: \(error)")
    }
    let cursor = SessionCursor([path])
    var text = export.heading
    while let events = try cursor.next() {
      for event in events { export.add(event, to: &text) }
      try file.write(Array(text.utf8))
      text = ""
      progress.show(Int(clamping: cursor.bytesDone) >> 10, of: total >> 10, "KiB of the recording")
    }
    try file.write(Array(text.utf8))
  }

  private func copy(_ path: String, _ total: Int, to file: ExportFile, _ progress: Progress) throws {
    while file.bytes < total {
      let bytes = try FileBytes.read(path, at: file.bytes, count: 1 << 20)
      guard !bytes.isEmpty else { return }
      try file.write(bytes)
      progress.show(file.bytes >> 10, of: total >> 10, "KiB")
    }
  }
}
