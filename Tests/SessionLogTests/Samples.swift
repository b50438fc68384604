import SessionLog
import Units

/// A session for tests: opened at 100 s after boot, 2026-11-20T09:00:00Z.
struct Samples {
  static let open = Instant(sinceBoot: .seconds(100))
  static let wall = WallTime(sinceEpoch: .seconds(1_795_165_200))

  static func facts(_ id: String = "s1") -> SessionFacts {
    SessionFacts(
      id: id, client: "C-1", machine: "m", machineProfile: "virtual-linear", software: "0", openedBy: "anna")
  }

  static func writer(_ folder: TemporaryFolder) throws -> SessionWriter {
    try SessionWriter.create(in: folder.path, facts(), at: open, wallClock: wall)
  }

  static func stroke(_ sequence: UInt64) -> StrokeRecord {
    StrokeRecord(
      sequence: sequence, period: .milliseconds(10), extend: .microseconds(1_800),
      dwell: .microseconds(4_012),
      commandedDepth: Micrometres(500), measuredDepth: Micrometres(507), peakCurrent: Milliamperes(-3),
      verdict: .withinEnvelope)
  }

  static func at(_ stroke: UInt64) -> Instant { open + .milliseconds(Int64(stroke) * 10) }

  /// Appends and flushes a range of strokes.
  static func add(_ strokes: ClosedRange<UInt64>, to writer: SessionWriter) throws {
    for sequence in strokes { try writer.append(stroke(sequence), at: at(sequence)) }
    try writer.flush(at: at(strokes.upperBound))
  }

  static func grant(_ first: UInt64, _ last: UInt64, _ writer: SessionWriter) throws {
    try writer.grant(
      IntentRecord(kind: .granted, firstStroke: first, lastStroke: last, zone: "crown", dotsAtMost: 10),
      at: at(first))
  }

  static let closing = SessionClosing(closedBy: "anna", reason: "done")
}
