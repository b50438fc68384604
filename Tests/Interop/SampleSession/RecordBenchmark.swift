import Reports
import SessionLog
import Units

/// Strokes per second encoded, bytes per stroke finished, time to close, to read and to report 4 h at 100 Hz. Prints one JSON
/// object; times are in seconds.
struct RecordBenchmark {
  let folder: String

  init(folder: String) { self.folder = folder }

  func run() throws {
    var treatment = SampleTreatment(seed: 11)
    let writer = try SessionWriter.create(
      in: folder, SampleTreatment.facts("bench"), at: treatment.now, wallClock: SampleTreatment.wallClock)
    try treatment.begin(writer)
    let strokes: UInt64 = 4 * 3_600 * 100
    let recording = try Stopwatch.measure {
      for index in 1...strokes {
        try treatment.stroke(writer)
        if index.isMultiple(of: SampleTreatment.strokesPerDot) {
          try treatment.dot("hairline", strokes: SampleTreatment.strokesPerDot, writer)
        }
        if index.isMultiple(of: 100) { try treatment.second(writer) }
      }
    }
    var finished: FinishedSession?
    let closing = try Stopwatch.measure {
      finished = try writer.finish(at: treatment.now, SessionClosing(closedBy: "bench", reason: "bench"))
    }
    guard let finished else { return }
    let reading = try Stopwatch.measure { _ = try SessionReader.read([finished.path]) }
    let reporting = try Stopwatch.measure { _ = try TreatmentReport.read(finished.path).html }
    let encoded: UInt64 = 2_000_000
    let samples = strokeSamples()
    let encoding = try encodeOnly(strokes: encoded, samples)
    let rivals = RivalRecords(folder: folder, samples: samples, batch: 5_000)
    let sqlite = try rivals.sqlite(strokes: encoded)
    let csv = try rivals.csv(strokes: encoded)
    let figures: KeyValuePairs<String, Double> = [
      "strokes": Double(strokes), "recorded_per_s": Double(strokes) / recording.processor,
      "encoded_per_s": Double(encoded) / encoding.time.processor,
      "bytes_per_stroke": Double(finished.bytes) / Double(strokes),
      "close_s": closing.seconds, "close_cpu_s": closing.processor, "read_cpu_s": reading.processor,
      "report_s": reporting.seconds,
      "report_cpu_s": reporting.processor,
      "strokes_only_bytes": Double(encoding.bytes) / Double(encoded),
      "sqlite_per_s": Double(encoded) / sqlite.time.processor,
      "sqlite_bytes": Double(sqlite.bytes) / Double(encoded),
      "csv_per_s": Double(encoded) / csv.time.processor, "csv_bytes": Double(csv.bytes) / Double(encoded),
    ]
    print("{" + figures.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}")
  }

  /// Strokes with the noise of real sensors.
  private func strokeSamples() -> [StrokeRecord] {
    var random = SplitMix(state: 12)
    return (0..<4_096).map { _ in
      StrokeRecord(
        sequence: 0, period: .microseconds(10_000 + random.noise(20)),
        extend: .microseconds(1_800 + random.noise(25)), dwell: .microseconds(4_000 + random.noise(40)),
        commandedDepth: Micrometres(500), measuredDepth: Micrometres(Int32(500 + random.noise(8))),
        peakCurrent: Milliamperes(Int32(230 + random.noise(12))), verdict: .withinEnvelope)
    }
  }

  /// Appending alone, with a flush every 5,000 strokes: what one core can encode, compression included.
  private func encodeOnly(strokes: UInt64, _ samples: [StrokeRecord]) throws -> (
    time: Stopwatch, bytes: UInt64
  ) {
    var now = Instant(sinceBoot: .seconds(100))
    let writer = try SessionWriter.create(
      in: folder, SampleTreatment.facts("encode"), at: now, wallClock: SampleTreatment.wallClock)
    let time = try Stopwatch.measure {
      for index in 1...strokes {
        var stroke = samples[Int(index & 4_095)]
        stroke.sequence = index
        now += .milliseconds(10)
        try writer.append(stroke, at: now)
        if index.isMultiple(of: 5_000) { try writer.flush(at: now) }
      }
    }
    let finished = try writer.finish(at: now, SessionClosing(closedBy: "bench", reason: "bench"))
    return (time, finished.bytes)
  }
}
