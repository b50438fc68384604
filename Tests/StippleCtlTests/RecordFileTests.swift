import Glibc
import SessionLog
import Testing
import Units
import Varlink

@testable import stipplectl

/// Recordings as files, with no daemon anywhere.
@Suite struct RecordFileTests {
  /// A closed session of three strokes and one dot, in a folder of its own.
  private func recording() throws -> (folder: String, file: String) {
    let folder = "/tmp/stipplectl-record-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try #require(unsafe mkdir(folder, 0o700) == 0)
    let writer = try SessionWriter.create(
      in: folder, SessionFacts(id: "S1", segment: 1, client: "C-0042", machine: "test"),
      at: Instant(sinceBoot: .seconds(1)),
      wallClock: WallTime(sinceEpoch: .microseconds(Int64(Samples.noon))))
    for sequence in 1...3 {
      try writer.append(
        StrokeRecord(
          sequence: UInt64(sequence), period: .milliseconds(10), extend: .milliseconds(1),
          dwell: .milliseconds(2), commandedDepth: Micrometres(450), measuredDepth: Micrometres(450),
          peakCurrent: nil, verdict: .unmeasured), at: Instant(sinceBoot: .seconds(Int64(1 + sequence))))
    }
    try writer.append(DotRecord(sequence: 1), at: Instant(sinceBoot: .seconds(5)))
    let finished = try writer.finish(
      at: Instant(sinceBoot: .seconds(6)), SessionClosing(closedBy: "uid 0", reason: "closed"))
    return (folder, finished.path)
  }

  private func remove(_ folder: String) {
    for name in ["S1.mcap", "cut.mcap", "new.mcap"] { unsafe unlink("\(folder)/\(name)") }
    unsafe rmdir(folder)
  }

  @Test func aFileIsVerifiedAndReported() async throws {
    let (folder, file) = try recording()
    defer { remove(folder) }
    #expect(
      await Bench().run("session", "verify", file)
        == .init(status: .ok, output: "Intact: 3 strokes in 1 dots.\n", errors: ""))
    let report = await Bench().run("session", "report", file)
    #expect(report.status == .ok)
    #expect(report.output.contains("C-0042"))
  }

  @Test func aFileThatWasCutIsStatusEightAndRecovered() async throws {
    let (folder, file) = try recording()
    defer { remove(folder) }
    var size = stat()
    try #require(unsafe stat(file, &size) == 0)
    let cut = folder + "/cut.mcap"
    try #require(unsafe rename(file, cut) == 0 && truncate(cut, size.st_size - 100) == 0)
    #expect(await Bench().run("session", "verify", cut).status == .verificationFailed)
    let new = folder + "/new.mcap"
    let recovered = await Bench().json("session", "recover", cut, "--output", new)
    #expect(recovered.status == .ok)
    let json = try JSONParser.parse(Array(recovered.output.utf8))
    #expect(json["strokes"]?.integer == 3)
    #expect(await Bench().run("session", "verify", new).status == .ok)
  }
}
