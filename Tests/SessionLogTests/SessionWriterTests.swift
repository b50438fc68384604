import Testing
import Units

@testable import SessionLog

@Suite struct SessionWriterTests {
  @Test func aClosedSessionHoldsEverythingAndLeavesNothingElse() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.grant(1, 200, writer)
    try Samples.add(1...200, to: writer)
    try writer.append(
      DotRecord(sequence: 1, zone: "crown", firstStroke: 1, strokes: 200), at: Samples.at(200))
    try writer.append(IntentRecord(kind: .settled, lastStroke: 200), at: Samples.at(201))
    let finished = try writer.finish(at: Samples.at(202), Samples.closing)
    #expect(folder.has("s1.mcap"))
    for leftover in ["s1.mcap.part", "s1.mcap.draft", "s1.reserve"] { #expect(!folder.has(leftover)) }
    let verdict = try SessionFile.verify(finished.path)
    #expect(verdict.state == .intact)
    #expect(verdict.findings == [])
    #expect(verdict.sha256 == finished.sha256)
    #expect(verdict.digest.strokes == 200)
    #expect(verdict.digest.dots == 1)
    #expect(verdict.digest.open == nil)
    #expect(verdict.metadata["strokes"] == "200")
    #expect(verdict.metadata["session_id"] == "s1")
    var strokes: [SessionEvent] = []
    try SessionReader.read([finished.path]) { if case .stroke = $0.record { strokes.append($0) } }
    #expect(strokes[6].record == .stroke(Samples.stroke(7)))
    #expect(strokes[6].at == Samples.wall + .milliseconds(70))
    #expect(strokes[6].sinceOpen == .milliseconds(70))
  }

  @Test func whatIsAppendedFlushedAndDurableIsTold() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.grant(1, 100, writer)
    #expect(writer.durability.intentDurable == 100)
    try writer.append(Samples.stroke(1), at: Samples.at(1))
    #expect(writer.durability.strokeAppended == 1)
    #expect(writer.durability.strokeFlushed == 0)
    try writer.flush(at: Samples.at(2))
    let ticket = writer.beginSync(at: Samples.at(2))
    try writer.append(Samples.stroke(2), at: Samples.at(2))
    try writer.flush(at: Samples.at(3))
    try ticket.perform()
    writer.complete(ticket)
    #expect(writer.durability.strokeFlushed == 2)
    #expect(writer.durability.strokeDurable == 1)
    #expect(writer.durability.durableSince == Samples.at(2))
  }

  @Test func anOpenPartIsReadableWithoutItsWriter() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.add(1...20, to: writer)
    let verdict = try SessionFile.verify(writer.paths.part(1))
    #expect(verdict.state == .unfinished)
    #expect(verdict.digest.strokes == 20)
    #expect(verdict.digest.segments.first?.client == "C-1")
  }

  @Test func aSecondSessionOfTheSameNameIsRefused() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    #expect(throws: SessionLogError.self) { _ = try Samples.writer(folder) }
    _ = try writer.finish(at: Samples.open, Samples.closing)
    #expect(throws: SessionLogError.self) { _ = try Samples.writer(folder) }
    #expect(throws: SessionLogError.self) { _ = try SessionPaths(folder: folder.path, id: "../x") }
  }

  @Test func aFullDiskKeepsWhatWasRecordedAndTriesAgain() throws {
    let full = try AppendFile(creating: "/dev/full", replacing: true)
    #expect(throws: SessionLogError.system(operation: "write", path: "/dev/full", code: 28)) {
      try full.append([1, 2, 3].span, after: 0)
    }
    let folder = try TemporaryFolder()
    var ballast = Ballast(path: folder.path + "/b")
    #expect(throws: SessionLogError.self) { try ballast.hold(1 << 60) }
    #expect(!folder.has("b"))
    try ballast.hold(1 << 16)
    #expect(try folder.bytes(of: "b").count == 1 << 16)
    let first = ballast.release()
    let second = ballast.release()
    #expect(first && !second)
  }

  @Test func droppedStrokesAreCountedAsMissing() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.grant(1, 100, writer)
    try Samples.add(1...10, to: writer)
    try Samples.add(14...20, to: writer)
    try writer.append(IntentRecord(kind: .settled, lastStroke: 22), at: Samples.at(22))
    let finished = try writer.finish(at: Samples.at(23), Samples.closing)
    #expect(finished.digest.strokes == 17)
    #expect(finished.digest.missingStrokes == 5)
    #expect(finished.digest.open == nil)
    #expect(finished.digest.uncertain == [])
  }
}
