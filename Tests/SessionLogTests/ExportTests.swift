import Testing
import Units

@testable import SessionLog

@Suite struct ExportTests {
  private func export(_ format: SessionExport.Format, _ channels: Set<SessionChannel>?, _ paths: [String])
    throws
    -> String
  {
    let export = try SessionExport(format, channels: channels)
    let cursor = SessionCursor(paths)
    var text = export.heading
    while let events = try cursor.next() { for event in events { export.add(event, to: &text) } }
    return text
  }

  @Test func csvHasTheFieldsOfOneChannelAsColumns() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.add(1...2, to: writer)
    #expect(
      try export(.csv, nil, writer.paths.parts) == """
        at_us,start_unix_ns,sequence,period_us,extend_us,dwell_us,commanded_depth_um,measured_depth_um,peak_current_ma,verdict\r
        1795165200010000,1795165200010000000,1,10000,1800,4012,500,507,-3,within_envelope\r
        1795165200020000,1795165200020000000,2,10000,1800,4012,500,507,-3,within_envelope\r

        """)
  }

  @Test func whatWasNotMeasuredIsEmptyInCsvAndAbsentInJson() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    var stroke = Samples.stroke(1)
    stroke.measuredDepth = nil
    try writer.append(stroke, at: Samples.at(1))
    try writer.flush(at: Samples.at(1))
    #expect(try export(.csv, nil, writer.paths.parts).contains(",500,,-3,"))
    #expect(
      try export(.jsonl, [.stroke], writer.paths.parts)
        == #"{"at_us":1795165200010000,"channel":"/stroke","start_unix_ns":1795165200010000000,"sequence":1,"period_us":10000,"#
        + #""extend_us":1800,"dwell_us":4012,"commanded_depth_um":500,"peak_current_ma":-3,"verdict":"within_envelope"}"#
        + "\n")
  }

  @Test func textIsQuotedAndNeverAFormula() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    for text in ["plain", "a, \"b\"\n", "=1+1", "tab\u{9}and \\"] {
      try writer.append(NoteRecord(author: "anna", text: text), at: Samples.at(1))
    }
    try writer.flush(at: Samples.at(2))
    let csv = try export(.csv, [.note], writer.paths.parts)
    #expect(csv.contains("anna,plain\r\n"))
    #expect(csv.contains("anna,\"a, \"\"b\"\"\n\"\r\n"))
    #expect(csv.contains("anna,\"'=1+1\"\r\n"))
    let json = try export(.jsonl, [.note], writer.paths.parts)
    #expect(json.contains(#""text":"a, \"b\"\n""#))
    #expect(json.contains(#""text":"tab\u0009and \\""#))
  }

  @Test func csvOfSeveralChannelsIsRefused() throws {
    #expect(throws: SessionLogError.self) { _ = try SessionExport(.csv, channels: [.stroke, .dot]) }
  }

  @Test(arguments: [0, 1, 2, 3, 57, 1_000])
  func base64ThereAndBack(_ count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = Base64.text(bytes)
    #expect(text.utf8.count == (count + 2) / 3 * 4)
    #expect(Base64.bytes(text) == bytes)
  }

  @Test func base64OfTheStandardsExamples() {
    for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
      #expect(Base64.text(Array(plain.utf8)) == coded)
    }
    for wrong in ["Zg", "Zg=a", "Z===", "Zm 9v", "Zg==Zg=="] {
      #expect(Base64.bytes(wrong) == nil, "\(wrong)")
    }
  }

  @Test func aCursorSeesWhatIsAppendedAfterItsEnd() throws {
    let folder = try TemporaryFolder()
    let writer = try Samples.writer(folder)
    try Samples.add(1...5, to: writer)
    let cursor = SessionCursor(writer.paths.parts)
    func strokes() throws -> [UInt64] {
      var found: [UInt64] = []
      while let events = try cursor.next() {
        for case .stroke(let stroke) in events.map(\.record) { found.append(stroke.sequence) }
      }
      return found
    }
    #expect(try strokes() == [1, 2, 3, 4, 5])
    #expect(try strokes() == [])
    try Samples.add(6...7, to: writer)
    try cursor.lookAgain()
    #expect(try strokes() == [6, 7])
  }

  @Test func aCursorReadsTheSegmentsOfASessionOneAfterTheOther() throws {
    let folder = try TemporaryFolder()
    let first = try Samples.writer(folder)
    try Samples.grant(1, 50, first)
    try Samples.add(1...5, to: first)
    let rebooted = Instant(sinceBoot: .seconds(5))
    let second = try SessionWriter.resume(
      in: folder.path, id: "s1", Samples.facts(), at: rebooted, wallClock: Samples.wall + .hours(1))
    try second.append(Samples.stroke(51), at: rebooted)
    try second.flush(at: rebooted)
    let csv = try export(.csv, [.stroke], second.paths.parts)
    #expect(csv.split(separator: "\r\n").count == 7, "a heading and six strokes")
  }
}
