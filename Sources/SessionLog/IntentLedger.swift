/// Follows intents and strokes in the order they were logged, and tells at any point what is uncertain.
struct IntentLedger: Sendable {
  private(set) var lastStroke: UInt64 = 0
  private(set) var strokes: UInt64 = 0
  /// Intervals declared by earlier segments.
  private(set) var declared: [UncertainInterval] = []
  /// Strokes that must have happened and are not in the log: their records were dropped.
  private(set) var missing: UInt64 = 0
  private var granted: [IntentRecord] = []

  mutating func note(stroke sequence: UInt64) {
    strokes += 1
    if sequence > lastStroke {
      missing += sequence - lastStroke - 1
      lastStroke = sequence
    }
  }

  mutating func note(_ intent: IntentRecord) {
    guard intent.firstStroke <= intent.lastStroke || intent.kind == .settled else { return }
    switch intent.kind {
    case .granted:
      granted.removeAll { $0.lastStroke <= lastStroke }
      granted.append(intent)
    case .settled:
      // What was made but not logged before the machine left the run is missing, not uncertain.
      if intent.lastStroke > lastStroke {
        missing += intent.lastStroke - lastStroke
        lastStroke = intent.lastStroke
      }
      granted.removeAll()
    case .uncertain:
      declared.append(
        UncertainInterval(
          firstStroke: intent.firstStroke, lastStroke: intent.lastStroke, zone: intent.zone,
          dotsAtMost: intent.dotsAtMost))
      lastStroke = max(lastStroke, intent.lastStroke)
      granted.removeAll()
    case .unknown: break
    }
  }

  /// What is uncertain if the log ends here; `nil` when nothing is.
  var open: UncertainInterval? {
    let pending = granted.filter { $0.lastStroke > lastStroke }
    guard let last = pending.last, let lastStroke = pending.map(\.lastStroke).max(),
      let earliest = pending.map(\.firstStroke).min()
    else { return nil }
    let first = max(earliest, self.lastStroke + 1)
    let count = lastStroke - first + 1
    let dots = pending.reduce(UInt64(0)) { $0 + UInt64($1.dotsAtMost) }
    return UncertainInterval(
      firstStroke: first, lastStroke: lastStroke, zone: last.zone,
      dotsAtMost: UInt32(clamping: min(dots, count)))
  }
}
