import Testing
import Units

@testable import SessionLog

@Suite struct CrashTests {
  /// A session that dies after stroke 30 with strokes 1 to 100 granted.
  private func death(_ folder: TemporaryFolder) throws {
    let writer = try Samples.writer(folder)
    try Samples.grant(1, 100, writer)
    try Samples.add(1...30, to: writer)
    // Appended but never flushed: lost with the process.
    try writer.append(Samples.stroke(31), at: Samples.at(31))
  }

  private let rebooted = Instant(sinceBoot: .seconds(5))

  @Test func afterADeathTheStrokesOfTheIntentThatAreNotLoggedAreUncertain() throws {
    let folder = try TemporaryFolder()
    try death(folder)
    let digest = try SessionReader.read(SessionPaths(folder: folder.path, id: "s1").parts)
    #expect(digest.strokes == 30)
    #expect(digest.open == UncertainInterval(firstStroke: 31, lastStroke: 100, zone: "crown", dotsAtMost: 10))
  }

  @Test func resumingDeclaresTheIntervalAndGoesOnBehindIt() throws {
    let folder = try TemporaryFolder()
    try death(folder)
    // The wall clock was set back and the monotonic clock began anew: the order of the record must not care.
    let writer = try SessionWriter.resume(
      in: folder.path, id: "s1", Samples.facts(), at: rebooted, wallClock: Samples.wall - .hours(1))
    #expect(writer.digest.lastStroke == 100)
    #expect(writer.digest.open == nil)
    try writer.grant(
      IntentRecord(kind: .granted, firstStroke: 101, lastStroke: 120, zone: "crown", dotsAtMost: 2),
      at: rebooted)
    try writer.append(Samples.stroke(101), at: rebooted + .milliseconds(10))
    try writer.append(IntentRecord(kind: .settled, lastStroke: 101), at: rebooted + .milliseconds(20))
    let finished = try writer.finish(at: rebooted + .seconds(1), Samples.closing)
    #expect(finished.digest.strokes == 31)
    #expect(finished.digest.missingStrokes == 0)
    #expect(finished.digest.segments.map(\.segment) == [1, 2])
    #expect(finished.digest.uncertain.map(\.lastStroke) == [100])
    let verdict = try SessionFile.verify(finished.path)
    #expect(verdict.state == .intact)
    #expect(verdict.metadata["uncertain_strokes"] == "31-100")
    var last = WallTime(sinceEpoch: .zero)
    try SessionReader.read([finished.path]) { event in
      #expect(event.at >= last)
      last = event.at
    }
    #expect(!folder.has("s1.mcap.part") && !folder.has("s1.2.mcap.part"))
  }

  @Test func aPartTornAtEveryByteKeepsEveryChunkBeforeTheTear() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    let header = try folder.bytes(of: "s1.mcap.part").count
    var ends: [Int] = []
    for first in stride(from: UInt64(1), to: 20, by: 5) {
      try Samples.add(first...(first + 4), to: writer)
      ends.append(try folder.bytes(of: "s1.mcap.part").count)
    }
    let bytes = try folder.bytes(of: "s1.mcap.part")
    for length in header...bytes.count {
      try folder.alter("torn") { $0 = Array(bytes[0..<length]) }
      let digest = try SessionReader.read([folder.path + "/torn"])
      #expect(digest.strokes == UInt64(ends.filter { $0 <= length }.count * 5), "cut at \(length)")
      #expect(digest.damage.isEmpty == ([header] + ends).contains(length), "cut at \(length)")
    }
  }

  @Test func aDeathBetweenRenameAndCleanUpLeavesOneGoodFile() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.add(1...10, to: writer)
    let part = try folder.bytes(of: "s1.mcap.part")
    _ = try writer.finish(at: Samples.at(11), Samples.closing)
    try folder.alter("s1.mcap.part.new") { $0 = part }
    try Folder.rename(folder.path + "/s1.mcap.part.new", to: folder.path + "/s1.mcap.part")
    #expect(throws: SessionLogError.self) {
      _ = try SessionWriter.resume(
        in: folder.path, id: "s1", Samples.facts(), at: rebooted, wallClock: Samples.wall)
    }
    try SessionFinisher(paths: SessionPaths(folder: folder.path, id: "s1")).removeLeftovers()
    #expect(!folder.has("s1.mcap.part"))
    #expect(try SessionFile.verify(folder.path + "/s1.mcap").state == .intact)
  }

  @Test func aDraftThatDiedIsMadeAnewFromTheParts() throws {
    let folder = try TemporaryFolder()
    try death(folder)
    try folder.alter("s1.mcap.draft") { $0 = [1, 2, 3] }
    var finisher = SessionFinisher(paths: try SessionPaths(folder: folder.path, id: "s1"))
    let finished = try finisher.finishFromParts(Samples.closing)
    #expect(finished.digest.strokes == 30)
    #expect(try SessionFile.verify(finished.path).state == .intact)
  }

  @Test func recoveryOfAChangedFileKeepsTheRestAndSaysWhatItSkipped() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    for first in stride(from: UInt64(1), to: 100, by: 10) { try Samples.add(first...(first + 9), to: writer) }
    try folder.alter("s1.mcap.part") { $0[$0.count / 2] ^= 1 }
    let verdict = try SessionFile.verify(folder.path + "/s1.mcap.part")
    #expect(verdict.state == .damaged)
    let digest = try SessionFile.recover(
      [folder.path + "/s1.mcap.part"], to: folder.path + "/r.mcap", Samples.closing)
    #expect(digest.strokes == 90)
    #expect(digest.damage.count == 1)
    #expect(try SessionFile.verify(folder.path + "/r.mcap").state == .intact)
  }

  @Test func oneChangedByteInAFinishedSessionIsFound() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.add(1...500, to: writer)
    let finished = try writer.finish(at: Samples.at(501), Samples.closing)
    let good = try folder.bytes(of: "s1.mcap")
    for offset in stride(from: 8, to: good.count, by: 97) {
      try folder.alter("s1.mcap") {
        $0 = good; $0[offset] ^= 0x10
      }
      let verdict = try SessionFile.verify(finished.path)
      #expect(verdict.state == .damaged, "byte \(offset)")
      #expect(verdict.sha256 != finished.sha256)
    }
  }
}
