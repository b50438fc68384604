import Glibc
import SessionLog
import Units

/// A large session cut at many random places: what is read of each is exactly the complete chunks before the cut.
struct TornFiles {
  let folder: String
  let seed: UInt64

  /// The strokes, dots and other records of a file up to an offset: how many, and a sum over their order.
  private struct Mark: Equatable {
    var end: UInt64
    var events: UInt64
    var sum: UInt64
  }

  /// Cuts the part and the finished file `cuts` times each; prints one line, and returns whether all held.
  func run(strokes: UInt64, cuts: Int) throws -> Bool {
    var treatment = SampleTreatment(seed: seed)
    let writer = try SessionWriter.create(
      in: folder, SampleTreatment.facts("torn"), at: treatment.now, wallClock: SampleTreatment.wallClock)
    try treatment.begin(writer)
    for index in 1...strokes {
      try treatment.stroke(writer)
      if index.isMultiple(of: SampleTreatment.strokesPerDot) {
        try treatment.dot("hairline", strokes: SampleTreatment.strokesPerDot, writer)
      }
    }
    try writer.sync(at: treatment.now)
    let part = try copy(writer.paths.part(1), to: folder + "/part.copy")
    let finished = try writer.finish(at: treatment.now, SessionClosing(closedBy: "test", reason: "test"))
    let whole = try copy(finished.path, to: folder + "/finished.copy")
    let failures = try cut(part, cuts) + cut(whole, cuts)
    for failure in failures.prefix(5) { print(failure) }
    print(
      "cut at \(2 * cuts) random places, seed \(seed): \(failures.count) differ from the chunks before the cut"
    )
    return failures.isEmpty
  }

  /// Cuts from the end towards the beginning, so that one copy is enough.
  private func cut(_ path: String, _ cuts: Int) throws -> [String] {
    let marks = try read(path).marks
    var random = SplitMix(state: seed ^ UInt64(cuts))
    let size = UInt64(try FileBytes.count(path))
    let places = (0..<cuts).map { _ in random.next() % (size + 1) }.sorted(by: >)
    var failures: [String] = []
    for place in places {
      guard unsafe truncate(path, off_t(place)) == 0 else {
        throw SessionLogError.refused("truncate \(path)")
      }
      let expected = marks.last { $0.end <= place }
      let found = try read(path).marks.last
      if found?.events ?? 0 != expected?.events ?? 0 || found?.sum ?? 0 != expected?.sum ?? 0 {
        failures.append(
          "\(path) cut at \(place): \(found?.events ?? 0) events, \(expected?.events ?? 0) were complete")
      }
    }
    return failures
  }

  /// A mark after each chunk that holds events.
  private func read(_ path: String) throws -> (marks: [Mark], events: UInt64) {
    let cursor = SessionCursor([path])
    var marks: [Mark] = []
    var (count, sum) = (UInt64(0), UInt64(0))
    while let events = try cursor.next() {
      for event in events {
        count += 1
        sum =
          (sum &* 31) &+ UInt64(bitPattern: event.at.sinceEpoch.count)
          &+ UInt64(event.record.channel.rawValue)
        if case .stroke(let stroke) = event.record { sum = (sum &* 31) &+ stroke.sequence }
      }
      if !events.isEmpty { marks.append(Mark(end: cursor.bytesDone, events: count, sum: sum)) }
    }
    return (marks, count)
  }

  private func copy(_ path: String, to target: String) throws -> String {
    let bytes = try FileBytes.read(path, at: 0, count: FileBytes.count(path))
    let descriptor = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SessionLogError.refused("cannot make \(target)") }
    defer { close(descriptor) }
    let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw SessionLogError.refused("cannot write \(target)") }
    return target
  }
}
