import SessionLog
import Testing
import Units

@Suite struct RecordTests {
  private func again<Record: LoggedRecord>(_ record: Record) throws -> Record {
    var payload: [UInt8] = []
    record.encode(into: &payload, logTime: 5_000)
    return try Record(payload: payload.span)
  }

  private func stroke(_ payload: [UInt8]) throws -> StrokeRecord { try StrokeRecord(payload: payload.span) }

  @Test func aStrokeReadsBackAsItWasWritten() throws {
    #expect(try again(Samples.stroke(70_000)) == Samples.stroke(70_000))
  }

  @Test func notMeasuredIsNotZero() throws {
    var stroke = Samples.stroke(1)
    stroke.measuredDepth = nil
    stroke.peakCurrent = nil
    #expect(try again(stroke).measuredDepth == nil)
    stroke.measuredDepth = .zero
    #expect(try again(stroke).measuredDepth == .zero)
    #expect(try again(stroke).peakCurrent == nil)
  }

  @Test func everyOtherRecordReadsBackAsItWasWritten() throws {
    let dot = DotRecord(
      sequence: 3, zone: "crown", firstStroke: 9, strokes: 2, duration: .milliseconds(20),
      depth: Micrometres(610),
      cause: .press)
    #expect(try again(dot) == dot)
    let state = StateRecord(kind: .faultRaised, code: "stall", previous: "x", priority: .high, detail: "é")
    #expect(try again(state) == state)
    let setting = SettingRecord(
      profile: "p", version: 2, mode: "dot", rate: .hertz(95), depth: Micrometres(450),
      dwell: .microseconds(3_500),
      strokesPerDot: 2, dotRate: .hertz(2), rateCeiling: .hertz(150), depthCeiling: Micrometres(1_000),
      dwellCeiling: .milliseconds(6), offTimeFloor: .milliseconds(2), strokesPerDotCeiling: 25,
      depthTolerance: Micrometres(150))
    #expect(try again(setting) == setting)
    let zone = ZoneRecord(
      name: "crown", attributes: "scar", area: SquareMillimetres(900), targetDensity: 30, ceilingDensity: 40,
      budget: 360,
      dotsBefore: 12)
    #expect(try again(zone) == zone)
    let material = MaterialRecord(
      kind: .pigment, identifier: "4", maker: "a", name: "b", shade: "c", lot: "d", expiry: "2027-01-01",
      dilution: "1:3")
    #expect(try again(material) == material)
    let intent = IntentRecord(kind: .granted, firstStroke: 1, lastStroke: 400, zone: "z", dotsAtMost: 200)
    #expect(try again(intent) == intent)
    let loop = LoopRecord(
      wakes: 1_000, overruns: 1, skippedPeriods: 2, ringDrops: 3, latestWake: .microseconds(1_234),
      wakeLateness: [1, 300, 0])
    #expect(try again(loop) == loop)
    let drive = DriveRecord(
      position: Micrometres(-5), rate: nil, current: Milliamperes(-20), temperature: Decicelsius(315),
      requests: 1, replies: 2,
      timeouts: 3, checksumErrors: 4, rejected: 5, resets: 6)
    #expect(try again(drive) == drive)
    #expect(try again(NoteRecord(author: "a", text: "b")) == NoteRecord(author: "a", text: "b"))
    let action = ActionRecord(actor: "a", role: "technician", verb: "Arm", detail: "")
    #expect(try again(action) == action)
    #expect(try again(Samples.facts()) == Samples.facts())
  }

  @Test func unknownFieldsAreSkippedAndTornOnesAreErrors() throws {
    var payload: [UInt8] = []
    Samples.stroke(5).encode(into: &payload, logTime: 0)
    // Field 31, a varint, of a later version.
    #expect(try stroke(payload + [0xF8, 0x01, 0x07]) == Samples.stroke(5))
    #expect(throws: RecordError.self) { try stroke(Array(payload.dropLast())) }
    let endless: [UInt8] = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
    #expect(throws: RecordError.self) { try NoteRecord(payload: endless.span) }
  }

  @Test func fieldNamesCarryTheirUnits() {
    #expect(
      StrokeRecord.shape.fields.map(\.name) == [
        "start_unix_ns", "sequence", "period_us", "extend_us", "dwell_us", "commanded_depth_um",
        "measured_depth_um",
        "peak_current_ma", "verdict",
      ])
  }

  @Test func calendarDatesKnowTheCalendar() {
    #expect(CalendarDate("2028-02-29") != nil)
    #expect(CalendarDate("2027-02-29") == nil)
    #expect(CalendarDate("2027-13-01") == nil)
    #expect(CalendarDate("27-1-1") == nil)
    #expect(CalendarDate(Samples.wall).description == "2026-11-20")
    #expect(CalendarDate(WallTime(sinceEpoch: .zero)).description == "1970-01-01")
    #expect(CalendarDate(WallTime(sinceEpoch: .seconds(951_782_400))).description == "2000-02-29")
  }
}

@Suite struct RecordFieldTests {
  @Test func whatWasNotMeasuredIsLeftOutAndZeroIsNot() {
    let drive = DriveRecord(position: nil, rate: nil, current: .zero, temperature: nil, requests: 4)
    let event = SessionEvent(at: Samples.wall, sinceOpen: .zero, record: .drive(drive))
    #expect(
      event.fields.map(\.name) == [
        "current_ma", "requests", "replies", "timeouts", "checksum_errors", "rejected", "resets",
      ])
    #expect(event.fields.first?.value == .integer(0))
  }

  @Test func namesAndSignsReadAsTheyWereMeant() {
    let event = SessionEvent(at: Samples.wall, sinceOpen: .zero, record: .stroke(Samples.stroke(9)))
    let fields = Dictionary(uniqueKeysWithValues: event.fields.map { ($0.name, $0.value) })
    #expect(fields["verdict"] == .text("within_envelope"))
    #expect(fields["peak_current_ma"] == .integer(-3))
    #expect(fields["start_unix_ns"] == .integer(1_795_165_200_000_000_000))
  }
}
