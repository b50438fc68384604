import SessionLog
import Units

/// A treatment made up from a seed: strokes at 100 Hz with the noise of real sensors, dots, zones, materials, one fault.
struct SampleTreatment {
  var random: SplitMix
  var strokes: UInt64 = 0
  var dots: UInt64 = 0
  var now = Instant(sinceBoot: .seconds(100))

  /// 2026-11-20T09:00:00Z, ns.
  static let wallClock = WallTime(sinceEpoch: .seconds(1_795_165_200))
  static let strokesPerDot: UInt64 = 50

  init(seed: UInt64) { random = SplitMix(state: seed) }

  static func facts(_ id: String) -> SessionFacts {
    SessionFacts(
      id: id, client: "C-0017", plan: "soft hairline, stage 2", machine: "sample",
      machineProfile: "virtual-linear",
      software: "0.1.0", openedBy: "technician")
  }

  mutating func begin(_ writer: SessionWriter) throws {
    try writer.append(
      ActionRecord(actor: "anna", role: "technician", verb: "Open", detail: "client C-0017"), at: now)
    try writer.append(
      MaterialRecord(
        kind: .cartridge, identifier: "1", maker: "Nordnadel", name: "1RL 0.30", lot: "L2309",
        expiry: "2027-05-31"),
      at: now)
    try writer.append(
      MaterialRecord(
        kind: .pigment, identifier: "1", maker: "Kopfgrau", name: "Shade", shade: "ash 3", lot: "B-771",
        expiry: "2027-01-31", dilution: "1:3"), at: now)
    try enter("hairline", attributes: "", writer)
    try writer.append(
      SettingRecord(
        profile: "hairline-soft", version: 3, mode: "continuous", rate: .hertz(100), depth: Micrometres(500),
        dwell: .microseconds(4_000), strokesPerDot: 2, dotRate: .hertz(2), rateCeiling: .hertz(120),
        depthCeiling: Micrometres(1_000), dwellCeiling: .microseconds(6_000),
        offTimeFloor: .microseconds(2_000),
        strokesPerDotCeiling: 25, depthTolerance: Micrometres(150)), at: now)
    try writer.append(StateRecord(kind: .lifecycle, code: "armed", previous: "standby"), at: now)
  }

  mutating func enter(_ zone: String, attributes: String, _ writer: SessionWriter) throws {
    try writer.append(
      ZoneRecord(
        name: zone, attributes: attributes, area: SquareMillimetres(3_200), targetDensity: 30,
        ceilingDensity: 40,
        budget: 1_280), at: now)
  }

  /// One stroke; flushes as the recorder would.
  mutating func stroke(_ writer: SessionWriter) throws {
    strokes += 1
    let jitter = random.noise(20_000)
    let start = now + Nanoseconds(jitter)
    try writer.append(
      StrokeRecord(
        sequence: strokes, period: Nanoseconds(10_000_000 + jitter + random.noise(20_000)),
        extend: .microseconds(1_800 + random.noise(25)), dwell: .microseconds(4_000 + random.noise(40)),
        commandedDepth: Micrometres(500), measuredDepth: Micrometres(Int32(500 + random.noise(8))),
        peakCurrent: Milliamperes(Int32(230 + random.noise(12))), verdict: .withinEnvelope), at: start)
    now += .milliseconds(10)
    if strokes.isMultiple(of: 5) { try writer.flush(at: now) }
  }

  /// A dot that ends with the stroke just made.
  mutating func dot(_ zone: String, strokes count: UInt64, _ writer: SessionWriter) throws {
    dots += 1
    try writer.append(
      DotRecord(
        sequence: dots, zone: zone, firstStroke: strokes - count + 1, strokes: UInt32(count),
        duration: .milliseconds(Int64(count) * 10), depth: Micrometres(Int32(500 + random.noise(6))),
        cause: .continuous), at: now)
  }

  mutating func second(_ writer: SessionWriter) throws {
    var histogram = [UInt32](repeating: 0, count: 12)
    for _ in 0..<1_000 { histogram[min(11, Int(random.noise(3).magnitude))] += 1 }
    try writer.append(
      LoopRecord(
        wakes: 1_000, latestWake: .microseconds(Int64(random.next() % 200)), wakeLateness: histogram), at: now
    )
    try writer.append(
      DriveRecord(
        position: Micrometres(500), current: Milliamperes(Int32(180 + random.noise(10))),
        temperature: Decicelsius(Int32(320 + random.noise(4))), requests: strokes, replies: strokes), at: now)
  }
}

/// A seeded generator (SplitMix64), so that a sample is the same everywhere.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Roughly normal around 0 with this standard deviation: twelve uniform values have a variance of one.
  mutating func noise(_ deviation: Int64) -> Int64 {
    var sum: Int64 = 0
    for _ in 0..<12 { sum += Int64(next() >> 44) }
    return (sum - 6 * (1 << 20)) * deviation / (1 << 20)
  }
}
