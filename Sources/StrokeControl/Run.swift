import NeedleSafety
import Units

/// A press in force: from the first stroke it allows to the armed state again.
struct Run: Equatable, Sendable, BitwiseCopyable {
  let startedAt: Instant
  /// The next stroke may not start earlier.
  var nextStrokeAt: Instant
  /// Running time is accounted up to here.
  var accountedTo: Instant
  /// Set when the run is to end at the next stroke boundary.
  var ending: RunEnd?

  @_noLocks init(at now: Instant) {
    startedAt = now
    nextStrokeAt = now
    accountedTo = now
    ending = nil
  }
}

/// A dot under way.
struct DotInProgress: Equatable, Sendable, BitwiseCopyable {
  let sequence: UInt64
  let zone: Zone
  let depth: Micrometres
  let mode: StrokeMode
  let startedAt: Instant
  var strokes: Int32 = 0
  /// When the latest stroke came home.
  var lastHomeAt: Instant

  @_noLocks init(sequence: UInt64, zone: Zone, depth: Micrometres, mode: StrokeMode, startedAt: Instant) {
    self.sequence = sequence
    self.zone = zone
    self.depth = depth
    self.mode = mode
    self.startedAt = startedAt
    lastHomeAt = startedAt
  }

  @_noLocks func record() -> DotRecord {
    DotRecord(
      sequence: sequence, zone: zone, strokes: strokes, startedAt: startedAt,
      duration: lastHomeAt - startedAt,
      depth: depth, mode: mode)
  }
}
