import SessionLog
import Units

/// Running time told by a record: from each run's start to its end. A run that a death cut off counts to the last record of its
/// segment, and two seconds more: what the intent in force may have allowed.
struct RunningTime {
  private var ended = Nanoseconds.zero
  private var startedAt: Nanoseconds?
  private var latest = Nanoseconds.zero

  /// All runs, the one that the record breaks off in included.
  var total: Nanoseconds {
    guard let startedAt else { return ended }
    return ended + (latest + RecordKeeper.intentSpan - startedAt)
  }

  mutating func add(_ event: SessionEvent) {
    switch event.record {
    case .state(let state) where state.kind == .runStarted: startedAt = event.sinceOpen
    case .state(let state) where state.kind == .runEnded: end(at: event.sinceOpen)
    // A segment begins: whoever recorded the one before died.
    case .session: end(at: latest + RecordKeeper.intentSpan)
    default: break
    }
    latest = event.sinceOpen
  }

  private mutating func end(at instant: Nanoseconds) {
    guard let start = startedAt else { return }
    ended += instant - start
    startedAt = nil
  }
}
