import Logging
import Synchronization
import Testing

@testable import HostService

/// Keeps what it takes, unless it is told to take nothing.
final class MemorySink: LogSink {
  private let state = Mutex((lines: [LogLine](), isDeaf: false))
  var lines: [LogLine] { state.withLock { $0.lines } }
  var texts: [String] { lines.map(\.text) }

  func listen(_ listens: Bool) { state.withLock { $0.isDeaf = !listens } }

  func take(_ line: LogLine) -> Bool {
    state.withLock { state in
      guard !state.isDeaf else { return false }
      state.lines.append(line)
      return true
    }
  }
}

@Suite struct ServiceLogTests {
  let sink = MemorySink()

  @Test func aFloodIsBoundAndCounted() {
    let clock = Atomic<Int64>(0)
    let log = ServiceLog(sink: sink, level: .info) { clock.load(ordering: .relaxed) }
    for number in 0..<150 { log.write(LogLine(level: .error, text: "\(number)")) }
    #expect(sink.texts == (0..<100).map { "\($0)" })
    clock.store(100_000_000, ordering: .relaxed)
    log.write(LogLine(level: .error, text: "after"))
    #expect(sink.texts.suffix(2) == ["50 lines before this one are missing", "after"])
  }

  @Test func aFaultIsWrittenThroughAnyFlood() {
    let log = ServiceLog(sink: sink, level: .info) { 0 }
    for number in 0..<150 { log.write(LogLine(level: .error, text: "\(number)")) }
    log.write(LogLine(level: .error, text: "fault", fields: ["MESSAGE_ID": "1"]))
    #expect(sink.texts.last == "fault")
  }

  @Test func whatTheJournalDidNotTakeIsSaid() {
    let log = ServiceLog(sink: sink, level: .info) { 0 }
    sink.listen(false)
    for _ in 0..<3 { log.write(LogLine(level: .info, text: "lost")) }
    sink.listen(true)
    log.write(LogLine(level: .info, text: "back"))
    #expect(sink.texts == ["3 lines before this one are missing", "back"])
  }

  @Test func theLevelChangesForEveryLogger() {
    let log = ServiceLog(sink: sink, level: .info) { 0 }
    let logger = Logger(label: "x") { _ in ServiceLogHandler(log) }
    logger.debug("unseen")
    log.level = .debug
    logger.debug("seen", metadata: ["ZONE": "crown"])
    #expect(sink.lines == [LogLine(level: .debug, text: "seen", fields: ["ZONE": "crown"])])
  }

  @Test func aBudgetFillsAtItsRateAndHoldsItsBurst() {
    var budget = LineBudget(burst: 2, interval: 10)
    func admitted(_ now: Int64) -> Bool { budget.admit(at: now).isAdmitted }
    #expect([0, 0, 0].map(admitted) == [true, true, false])
    #expect(!admitted(9))
    #expect(admitted(10))
    #expect(!admitted(19))
    #expect(admitted(20))
    #expect([1_000, 1_000, 1_000].map(admitted) == [true, true, false])
  }
}
