import Reports
import SessionLog
import Testing
import Units

@Suite struct ReportTests {
  private let open = Instant(sinceBoot: .seconds(100))
  private let wall = WallTime(sinceEpoch: .seconds(1_795_165_200))

  private func writer(_ folder: TemporaryFolder, client: String = "C-1") throws -> SessionWriter {
    try SessionWriter.create(
      in: folder.path,
      SessionFacts(
        id: "s1", isBench: client.isEmpty, client: client, machine: "m", machineProfile: "virtual-linear",
        software: "0"),
      at: open, wallClock: wall)
  }

  private func stroke(_ sequence: UInt64, depth: Int32 = 500, verdict: StrokeVerdict = .withinEnvelope)
    -> StrokeRecord
  {
    StrokeRecord(
      sequence: sequence, period: sequence == 1 ? .zero : .milliseconds(10), extend: .microseconds(1_800),
      dwell: .milliseconds(4), commandedDepth: Micrometres(500), measuredDepth: Micrometres(depth),
      peakCurrent: nil,
      verdict: verdict)
  }

  private func finish(_ writer: SessionWriter) throws -> String {
    try writer.finish(at: open + .seconds(60), SessionClosing(closedBy: "anna", reason: "done")).path
  }

  /// A page must be whole and must fetch nothing, whatever the record holds.
  private func check(_ html: String) {
    #expect(html.hasPrefix("<!doctype html>") && html.hasSuffix("</html>\n"))
    for forbidden in ["<script", "http://", "https://", "url(", "@import", "src=", "nan", "inf\"", "NaN"] {
      #expect(!html.contains(forbidden), "\(forbidden)")
    }
    for tag in ["div", "svg", "table", "dl", "text"] {
      #expect(html.components("<\(tag)") == html.components("</\(tag)>"), "unbalanced \(tag)")
    }
  }

  @Test func aTreatmentShowsItsNumbers() throws {
    let folder = try TemporaryFolder()
    let writer = try writer(folder)
    try writer.append(
      ZoneRecord(
        name: "crown", attributes: "thinning", area: SquareMillimetres(200), targetDensity: 30,
        ceilingDensity: 40, budget: 80),
      at: open)
    try writer.append(
      SettingRecord(profile: "p", rate: .hertz(100), depth: Micrometres(500), depthCeiling: Micrometres(600)),
      at: open)
    for dot in 1...50 {
      let at = open + .milliseconds(Int64(dot) * 500)
      try writer.append(
        stroke(
          UInt64(dot) * 2 - 1, depth: dot == 7 ? 700 : 500, verdict: dot == 7 ? .tooDeep : .withinEnvelope),
        at: at)
      try writer.append(stroke(UInt64(dot) * 2), at: at + .milliseconds(10))
      try writer.append(
        DotRecord(
          sequence: UInt64(dot), zone: "crown", firstStroke: 1, strokes: 2, depth: Micrometres(500),
          cause: .held), at: at)
    }
    try writer.append(
      StateRecord(kind: .faultRaised, code: "too_deep", priority: .high, detail: "0.7 mm measured"),
      at: open + .seconds(4))
    let report = try TreatmentReport.read(try finish(writer))
    check(report.html)
    #expect(report.html.contains("25.0 per cm² on 2 cm²"))
    #expect(report.html.contains("50 of 80"))
    #expect(report.html.contains("a dot every 0.50 s, varying by 0\u{A0}%"))
    #expect(report.html.contains("highest 0.70, 1 above the ceiling"))
    #expect(report.html.contains("Fault: too deep"))
    #expect(report.html.contains("It is not the depth in tissue"))
    #expect(report.html.contains("09:00:04"))
    #expect(report.html.contains("✓ record intact"))
    #expect(report.text.contains("1 fault, 1 strokes outside limits"))
    #expect(report.text.contains("crown (thinning): 50 dots, 25.0 per cm², target 30, ceiling 40"))
    #expect(report.text.contains(report.verdict.sha256.description))
  }

  @Test func aPlanItsStageAndItsWholeDensityAreShownAndWhatEachMaterialWasUsedFor() throws {
    let folder = try TemporaryFolder()
    let writer = try SessionWriter.create(
      in: folder.path,
      SessionFacts(id: "s1", client: "C-1", plan: "P7", stage: "definition", machine: "m"), at: open,
      wallClock: wall)
    func dot(_ number: UInt64, _ zone: String) throws {
      let at = open + .milliseconds(Int64(number) * 500)
      try writer.append(stroke(number), at: at)
      try writer.append(DotRecord(sequence: number, zone: zone, firstStroke: number, strokes: 1), at: at)
    }
    try writer.append(
      ZoneRecord(
        name: "crown", area: .squareCentimetres(2), targetDensity: 30, ceilingDensity: 40, budget: 80,
        planDotsBefore: 58, planCeilingDensity: 200), at: open)
    try writer.append(MaterialRecord(kind: .cartridge, name: "1rl-030", lot: "C1"), at: open)
    try writer.append(MaterialRecord(kind: .pigment, name: "Ash", lot: "P1"), at: open)
    try dot(1, "crown")
    try writer.append(MaterialRecord(kind: .cartridge, name: "1rl-030", lot: "C2"), at: open + .seconds(1))
    try dot(2, "crown")
    try dot(3, "mid")
    let report = try TreatmentReport.read(try finish(writer))
    check(report.html)
    #expect(report.html.contains("Client C-1 · plan P7 · definition"))
    #expect(report.html.contains("30.0 of 200 per cm², 58 dots before this session"))
    #expect(report.html.contains("1.0 per cm² on 2 cm², target 30"))
    for (lot, use) in [
      ("C1", "1 strokes in crown"), ("C2", "2 strokes in crown, mid"), ("P1", "3 strokes in crown, mid"),
    ] {
      #expect(report.html.contains("<td>lot \(lot)</td><td>expires </td><td>\(use)</td>"), "\(lot)")
    }
    #expect(report.text.contains("over the whole plan 30.0 of 200 per cm²"))
  }

  @Test func aContactThatBouncesIsOneLine() throws {
    let folder = try TemporaryFolder()
    let writer = try writer(folder)
    for bounce in 0..<7 {
      try writer.append(
        StateRecord(kind: .interlockOpened, code: "guard"), at: open + .milliseconds(Int64(bounce) * 40))
    }
    try writer.append(StateRecord(kind: .interlockOpened, code: "guard"), at: open + .seconds(9))
    try writer.append(
      StateRecord(kind: .refused, code: "arm", detail: "guard_closed pedal_released"), at: open + .seconds(10)
    )
    let report = try TreatmentReport.read(try finish(writer))
    check(report.html)
    #expect(
      report.html.components("Interlock open: guard</b>") == 2, "one for each time, not for each bounce")
    #expect(report.text.contains("Interlock open: guard: 7 times within a moment"))
    #expect(report.text.contains("Arm refused: guard closed, pedal released"))
  }

  @Test(arguments: [0, 1, 2])
  func almostNothingIsStillAReport(_ strokes: Int) throws {
    let folder = try TemporaryFolder()
    let writer = try writer(folder, client: "")
    for sequence in 0..<strokes {
      try writer.append(stroke(UInt64(sequence) + 1), at: open + .milliseconds(Int64(sequence)))
    }
    let report = try TreatmentReport.read(try finish(writer))
    check(report.html)
    #expect(report.html.contains("Bench session"))
    #expect(report.html.contains("No stroke was made.") == (strokes == 0))
    #expect(report.html.contains("No zone was set."))
    #expect(report.text.contains("\(strokes) strokes"))
  }

  @Test func whatARecordSaysCannotBecomeMarkupOrMoveTheCursor() throws {
    let folder = try TemporaryFolder()
    let writer = try writer(folder, client: "<b>&\"'")
    try writer.append(NoteRecord(author: "<script>", text: "\u{1B}[2J</table>"), at: open)
    try writer.append(ZoneRecord(name: "\"><svg", area: SquareMillimetres(100), ceilingDensity: 40), at: open)
    let report = try TreatmentReport.read(try finish(writer))
    check(report.html)
    #expect(report.html.contains("Note by &lt;script&gt;"))
    #expect(!report.text.unicodeScalars.contains("\u{1B}"))
  }

  @Test func anOpenSessionSaysWhatIsUncertain() throws {
    let folder = try TemporaryFolder()
    let writer = try writer(folder)
    try writer.append(ZoneRecord(name: "crown", area: SquareMillimetres(1_000), ceilingDensity: 40), at: open)
    try writer.grant(
      IntentRecord(kind: .granted, firstStroke: 1, lastStroke: 40, zone: "crown", dotsAtMost: 20), at: open)
    for sequence in 1...10 {
      try writer.append(stroke(UInt64(sequence)), at: open + .milliseconds(Int64(sequence) * 10))
    }
    try writer.flush(at: open + .seconds(1))
    let report = try TreatmentReport.read(writer.paths.part(1))
    check(report.html)
    #expect(report.html.contains("This session was not closed."))
    #expect(
      report.html.contains("strokes 11 to 40 may or may not have been made: at most 30 strokes, 20 dots"))
    #expect(report.html.contains("at most 20 more"))
  }

  @Test func aDamagedFileSaysSoAndShowsTheRest() throws {
    let folder = try TemporaryFolder()
    let writer = try writer(folder)
    for sequence in 1...2_000 {
      try writer.append(stroke(UInt64(sequence)), at: open + .milliseconds(Int64(sequence) * 10))
    }
    let path = try finish(writer)
    let good = try TreatmentReport.read(path)
    let elsewhere = try SHA256Digest.of([])
    #expect(
      try TreatmentReport.read(path, ReportOptions(expectedHash: good.verdict.sha256)).html.contains(
        "its hash is the one in the audit chain"))
    #expect(
      try TreatmentReport.read(path, ReportOptions(expectedHash: elsewhere)).html.contains("✕ record damaged")
    )
    try folder.cut("s1.mcap", by: 20)
    let torn = try TreatmentReport.read(path)
    check(torn.html)
    #expect(torn.html.contains("✕ record damaged"))
    #expect(torn.html.contains("cut off later"))
    #expect(torn.html.contains("2,000"))
    #expect(throws: SessionLogError.self) { _ = try TreatmentReport.read(folder.path + "/none.mcap") }
  }

  @Test func timesAreTheClinics() throws {
    let folder = try TemporaryFolder()
    let report = try TreatmentReport.read(try finish(try writer(folder)), ReportOptions(offset: .hours(16)))
    #expect(report.html.contains("2026-11-21, 01:00:00 to"))
    #expect(report.html.contains("UTC+16:00"))
  }
}

extension String {
  /// How often a piece occurs.
  fileprivate func components(_ piece: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: piece) {
      // `<text` must not match `<textarea`, nor `<dl` anything longer.
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
