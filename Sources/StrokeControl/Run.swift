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
  /// The pedal was up since it began: with a latched pedal the next contact ends it.
  var pedalCameUp = false
  /// A stroke was fired in it.
  var hasFired = false

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
  let plan: StrokePlan
  let mode: StrokeMode
  /// The first of its run: the press itself made it.
  let isFirstOfRun: Bool
  let firstStroke: UInt64
  let startedAt: Instant
  var strokes: Int32 = 0
  /// When the latest stroke came home.
  var lastHomeAt: Instant

  @_noLocks
  init(
    sequence: UInt64, zone: Zone, plan: StrokePlan, mode: StrokeMode, isFirstOfRun: Bool, firstStroke: UInt64,
    startedAt: Instant
  ) {
    self.sequence = sequence
    self.zone = zone
    self.plan = plan
    self.mode = mode
    self.isFirstOfRun = isFirstOfRun
    self.firstStroke = firstStroke
    self.startedAt = startedAt
    lastHomeAt = startedAt
  }

  /// It has all the strokes it is to have.
  var isWhole: Bool { @_noLocks get { strokes >= plan.strokesPerDot } }

  @_noLocks func record() -> DotRecord {
    DotRecord(
      sequence: sequence, zone: zone, firstStroke: firstStroke, strokes: strokes, startedAt: startedAt,
      duration: lastHomeAt - startedAt, depth: plan.depth, cause: cause)
  }

  private var cause: DotCause {
    @_noLocks get {
      if !mode.isDot { return .continuous }
      if !isWhole { return .cutShort }
      return isFirstOfRun ? .press : .held
    }
  }
}
