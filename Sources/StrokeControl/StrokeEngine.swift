import NeedleSafety
import Units

/// One stroke under way: what was planned and what the sensors have said so far.
struct Stroke: Equatable, Sendable, BitwiseCopyable {
  let sequence: UInt64
  let dot: UInt64
  let zone: Zone
  let plan: StrokePlan
  let startedAt: Instant
  /// When FIRE went low; the planned instant until it has.
  var fireEndsAt: Instant
  var wasCut = false
  var leftHomeAt: Instant?
  var bottomAt: Instant?
  /// Of a revolution at its rate: a needle that is not home by then has dwelt for too long.
  var dwellEndsAt = Instant.distantFuture
  /// The dwell ceiling was seen broken while the needle was still out, and has been reported.
  var dwellReported = false

  /// A stroke that starts now and is to hold FIRE high for as long as its plan says.
  @_noLocks init(sequence: UInt64, dot: UInt64, zone: Zone, plan: StrokePlan, startedAt: Instant) {
    self.sequence = sequence
    self.dot = dot
    self.zone = zone
    self.plan = plan
    self.startedAt = startedAt
    fireEndsAt = startedAt + plan.fireWidth
  }
}

/// Times one linear stroke at a time: FIRE high, FIRE low, home. It decides nothing about whether a stroke may start.
///
/// The stroke lies beside its phase and not in it: a phase that carries one is copied whole, 200 bytes, whenever somebody asks
/// whether the needle is home, and every step asks that several times.
struct StrokeEngine: Equatable, Sendable, BitwiseCopyable {
  enum Phase: UInt8, Equatable, Sendable, BitwiseCopyable {
    case home
    /// FIRE is high until the stroke's `fireEndsAt`.
    case extending
    /// FIRE is low; the spring brings the needle home.
    case retracting
  }

  /// How a stroke ended.
  struct Finished: Equatable, Sendable, BitwiseCopyable {
    let stroke: Stroke
    let homeAt: Instant
    let stalled: Bool

    @_noLocks init(stroke: Stroke, homeAt: Instant, stalled: Bool) {
      self.stroke = stroke
      self.homeAt = homeAt
      self.stalled = stalled
    }
  }

  private(set) var phase = Phase.home
  /// The stroke under way, `nil` at home.
  private(set) var current: Stroke?
  let geometry: LinearGeometry

  @_noLocks init(geometry: LinearGeometry) { self.geometry = geometry }

  var isHome: Bool { @_noLocks get { if case .home = phase { true } else { false } } }
  var fire: Bool { @_noLocks get { if case .extending = phase { true } else { false } } }

  /// When the stroke under way left home; `nil` at home and before its edge.
  var leftHomeAt: Instant? { @_noLocks get { current?.leftHomeAt } }

  var isDwellReported: Bool { @_noLocks get { current?.dwellReported ?? false } }

  /// Starts a stroke. The caller has checked its plan, its permission and that the needle is home.
  @_noLocks mutating func start(_ stroke: Stroke) {
    phase = .extending
    current = stroke
  }

  /// FIRE low at once, whatever was planned.
  @_noLocks mutating func cut(at now: Instant) {
    guard fire else { return }
    phase = .retracting
    current?.wasCut = true
    current?.fireEndsAt = now
  }

  /// Takes in an edge of the needle's own sensors. Returns the stroke when this edge ends it.
  @_noLocks mutating func note(_ edge: Edge) -> Finished? {
    if isHome { return nil }
    switch edge.signal {
    case .needleHome where !edge.rising:
      if case .none = leftHomeAt { current?.leftHomeAt = edge.at }
    case .needleHome:
      guard let stroke = current, case .some = stroke.leftHomeAt else { return nil }
      var reachedBottom = false
      if case .some = stroke.bottomAt { reachedBottom = true }
      return finish(stroke, at: edge.at, stalled: !reachedBottom && !stroke.wasCut)
    case .needleBottom where edge.rising:
      if case .none = current?.bottomAt { current?.bottomAt = edge.at }
    default: break
    }
    return nil
  }

  /// Lets time pass: FIRE goes low when its time is over. Returns the stroke when it ends without an edge: cut before it left
  /// home, or stalled.
  @_noLocks mutating func advance(to now: Instant, homeIsHigh: Bool, stallLimit: Nanoseconds) -> Finished? {
    if fire, now >= fireEndsAt {
      phase = .retracting
      current?.fireEndsAt = now
    }
    if isHome { return nil }
    if homeIsHigh, isCutBeforeLeaving, now >= restsAfterCut {
      return current.flatMap { finish($0, at: now, stalled: false) }
    }
    guard now >= startedAt + stallLimit else { return nil }
    return current.flatMap { finish($0, at: now, stalled: true) }
  }

  @_noLocks private mutating func finish(_ stroke: Stroke, at instant: Instant, stalled: Bool) -> Finished {
    phase = .home
    current = nil
    return Finished(stroke: stroke, homeAt: instant, stalled: stalled)
  }

  /// Marks that the caller has reported a dwell that is too long already.
  @_noLocks mutating func markDwellReported() { current?.dwellReported = true }

  /// When time alone changes something.
  @_noLocks func deadline(stallLimit: Nanoseconds) -> Instant {
    let stall = startedAt + stallLimit
    return switch phase {
    case .home: .distantFuture
    case .extending: fireEndsAt.earlier(of: stall)
    case .retracting: isCutBeforeLeaving ? restsAfterCut.earlier(of: stall) : stall
    }
  }

  private var startedAt: Instant { @_noLocks get { current?.startedAt ?? .boot } }
  private var fireEndsAt: Instant { @_noLocks get { current?.fireEndsAt ?? .boot } }

  /// A needle that was cut off before it left home may still leave it with the speed it had.
  private var isCutBeforeLeaving: Bool {
    @_noLocks get {
      guard current?.wasCut ?? false else { return false }
      if case .none = leftHomeAt { return true }
      return false
    }
  }

  /// Of such a stroke: both travels later the needle rests.
  private var restsAfterCut: Instant {
    @_noLocks get { fireEndsAt + geometry.extendTravel + geometry.retractTravel }
  }
}
