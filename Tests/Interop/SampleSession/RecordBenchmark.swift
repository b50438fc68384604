import Reports
import SessionLog
import Units

/// Strokes per second encoded, bytes per stroke finished, time to close, to read and to report 4 h at 100 Hz. Prints one JSON
/// object; times are in seconds.
struct RecordBenchmark {
  let folder: String
  private let clock = ContinuousClock()

  init(folder: String) { self.folder = folder }

  func run() throws {
    var treatment = SampleTreatment(seed: 11)
    let writer = try SessionWriter.create(
      in: folder, SampleTreatment.facts("bench"), at: treatment.now, wallClock: SampleTreatment.wallClock)
    try treatment.begin(writer)
    let strokes: UInt64 = 4 * 3_600 * 100
    let recording = try clock.measure {
      for index in 1...strokes {
        try treatment.stroke(writer)
        if index.isMultiple(of: SampleTreatment.strokesPerDot) {
          try treatment.dot("hairline", strokes: SampleTreatment.strokesPerDot, writer)
        }
        if index.isMultiple(of: 100) { try treatment.second(writer) }
      }
    }
    var finished: FinishedSession?
    let closing = try clock.measure {
      finished = try writer.finish(at: treatment.now, SessionClosing(closedBy: "bench", reason: "bench"))
    }
    guard let finished else { return }
    let reading = try clock.measure { _ = try SessionReader.read([finished.path]) }
    let reporting = try clock.measure { _ = try TreatmentReport.read(finished.path).html }
    let encoding = try encodeOnly(strokes: 2_000_000)
    let figures: KeyValuePairs<String, Double> = [
      "strokes": Double(strokes), "recorded_per_s": Double(strokes) / seconds(recording),
      "encoded_per_s": 2_000_000 / seconds(encoding),
      "bytes_per_stroke": Double(finished.bytes) / Double(strokes),
      "close_s": seconds(closing), "read_s": seconds(reading), "report_s": seconds(reporting),
    ]
    print("{" + figures.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}")
  }

  /// Appending alone, with a flush every 5,000 strokes: what one core can encode, compression included.
  private func encodeOnly(strokes: UInt64) throws -> Duration {
    var treatment = SampleTreatment(seed: 12)
    let writer = try SessionWriter.create(
      in: folder, SampleTreatment.facts("encode"), at: treatment.now, wallClock: SampleTreatment.wallClock)
    let samples = (0..<4_096).map { _ in
      StrokeRecord(
        sequence: 0, period: .microseconds(10_000 + treatment.random.noise(20)),
        extend: .microseconds(1_800 + treatment.random.noise(25)),
        dwell: .microseconds(4_000 + treatment.random.noise(40)), commandedDepth: Micrometres(500),
        measuredDepth: Micrometres(Int32(500 + treatment.random.noise(8))),
        peakCurrent: Milliamperes(Int32(230 + treatment.random.noise(12))), verdict: .withinEnvelope)
    }
    let time = try clock.measure {
      for index in 1...strokes {
        var stroke = samples[Int(index & 4_095)]
        stroke.sequence = index
        treatment.now += .milliseconds(10)
        try writer.append(stroke, at: treatment.now)
        if index.isMultiple(of: 5_000) { try writer.flush(at: treatment.now) }
      }
    }
    _ = try writer.finish(at: treatment.now, SessionClosing(closedBy: "bench", reason: "bench"))
    return time
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }
}
