import Glibc
public import Logging
import Synchronization

/// The daemon's log: one sink, one level that can change while it runs, and a bound on how many lines there may be.
///
/// Never for the loop's thread: it takes a lock and makes a system call.
public final class ServiceLog: Sendable {
  private struct State {
    var level: Logger.Level
    /// Lines that name what happened (a fault) are kept apart from the rest: a chatty client must not drown them.
    var events: LineBudget
    var chatter: LineBudget
    /// Lines the sink did not take.
    var lost = 0
  }

  private let sink: any LogSink
  private let now: @Sendable () -> Int64
  private let state: Mutex<State>

  /// A burst of this many lines, and one more each tenth of a second.
  private static let burst = 100
  private static let interval: Int64 = 100_000_000

  public init(sink: any LogSink, level: Logger.Level) {
    self.sink = sink
    now = {
      var time = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &time)
      return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
    state = Mutex(Self.start(level))
  }

  init(sink: any LogSink, level: Logger.Level, now: @escaping @Sendable () -> Int64) {
    self.sink = sink
    self.now = now
    state = Mutex(Self.start(level))
  }

  private static func start(_ level: Logger.Level) -> State {
    let budget = LineBudget(burst: burst, interval: interval)
    return State(level: level, events: budget, chatter: budget)
  }

  /// The journal where standard error goes there, lines on standard error otherwise.
  public static func ofThisProcess(identifier: String, environment: ServiceEnvironment, level: Logger.Level)
    -> ServiceLog
  {
    let journal = environment.isJournal(STDERR_FILENO) ? JournalSink(identifier: identifier) : nil
    if let journal { return ServiceLog(sink: journal, level: level) }
    return ServiceLog(sink: StandardErrorSink(), level: level)
  }

  /// Lines below it are not written.
  public var level: Logger.Level {
    get { state.withLock { $0.level } }
    set { state.withLock { $0.level = newValue } }
  }

  /// Writes a line, or counts it where the bound is reached or the sink does not take it. The next line that is written says how
  /// many are missing before it.
  public func write(_ line: LogLine) {
    state.withLock { state in
      guard line.level >= state.level else { return }
      let isEvent = line.fields["MESSAGE_ID"] != nil
      let (isAdmitted, withheld) =
        isEvent ? state.events.admit(at: now()) : state.chatter.admit(at: now())
      guard isAdmitted else { return }
      let missing = withheld + state.lost
      if missing > 0 {
        let note = LogLine(level: .warning, text: "\(missing) lines before this one are missing")
        state.lost = sink.take(note) ? 0 : missing
      }
      if !sink.take(line) { state.lost += 1 }
    }
  }
}

/// swift-log's way into a ``ServiceLog``. Metadata become fields.
public struct ServiceLogHandler: LogHandler {
  private let log: ServiceLog
  public var metadata: Logger.Metadata = [:]

  public init(_ log: ServiceLog) { self.log = log }

  /// The level of the whole log: a reload changes it for every logger there is.
  public var logLevel: Logger.Level {
    get { log.level }
    set { log.level = newValue }
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { _, newer in newer }.mapValues { "\($0)" }
    log.write(LogLine(level: event.level, text: "\(event.message)", fields: fields))
  }
}
