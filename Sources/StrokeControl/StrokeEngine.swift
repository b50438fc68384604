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
struct StrokeEngine: Equatable, Sendable, BitwiseCopyable {
  enum Phase: Equatable, Sendable, BitwiseCopyable {
    case home
    /// FIRE is high until the stroke's `fireEndsAt`.
    case extending(Stroke)
    /// FIRE is low; the spring brings the needle home.
    case retracting(Stroke)
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
  let geometry: LinearGeometry

  @_noLocks init(geometry: LinearGeometry) { self.geometry = geometry }

  var isHome: Bool { @_noLocks get { if case .home = phase { true } else { false } } }
  var fire: Bool { @_noLocks get { if case .extending = phase { true } else { false } } }

  /// The stroke under way, `nil` at home.
  var current: Stroke? {
    @_noLocks get {
      switch phase {
      case .home: nil
      case .extending(let stroke), .retracting(let stroke): stroke
      }
    }
  }

  /// Starts a stroke. The caller has checked its plan, its permission and that the needle is home.
  @_noLocks mutating func start(_ stroke: Stroke) { phase = .extending(stroke) }

  /// FIRE low at once, whatever was planned.
  @_noLocks mutating func cut(at now: Instant) {
    guard case .extending(var stroke) = phase else { return }
    stroke.wasCut = true
    stroke.fireEndsAt = now
    phase = .retracting(stroke)
  }

  /// Takes in an edge of the needle's own sensors. Returns the stroke when this edge ends it.
  @_noLocks mutating func note(_ edge: Edge) -> Finished? {
    guard var stroke = current else { return nil }
    switch edge.signal {
    case .needleHome where !edge.rising:
      if stroke.leftHomeAt == nil { stroke.leftHomeAt = edge.at }
    case .needleHome:
      guard stroke.leftHomeAt != nil else { return nil }
      phase = .home
      return Finished(stroke: stroke, homeAt: edge.at, stalled: stroke.bottomAt == nil && !stroke.wasCut)
    case .needleBottom where edge.rising:
      if stroke.bottomAt == nil { stroke.bottomAt = edge.at }
    default:
      return nil
    }
    keep(stroke)
    return nil
  }

  /// Lets time pass: FIRE goes low when its time is over. Returns the stroke when it ends without an edge: cut before it left
  /// home, or stalled.
  @_noLocks mutating func advance(to now: Instant, homeIsHigh: Bool, stallLimit: Nanoseconds) -> Finished? {
    if case .extending(var stroke) = phase, now >= stroke.fireEndsAt {
      stroke.fireEndsAt = now
      phase = .retracting(stroke)
    }
    guard let stroke = current else { return nil }
    if stroke.wasCut, stroke.leftHomeAt == nil, homeIsHigh, now >= restsAfterCut(stroke) {
      phase = .home
      return Finished(stroke: stroke, homeAt: now, stalled: false)
    }
    guard now >= stroke.startedAt + stallLimit else { return nil }
    phase = .home
    return Finished(stroke: stroke, homeAt: now, stalled: true)
  }

  /// Marks that the caller has reported a dwell that is too long already.
  @_noLocks mutating func markDwellReported() {
    guard var stroke = current else { return }
    stroke.dwellReported = true
    keep(stroke)
  }

  /// When time alone changes something.
  @_noLocks func deadline(stallLimit: Nanoseconds) -> Instant {
    switch phase {
    case .home: return .distantFuture
    case .extending(let stroke): return stroke.fireEndsAt.earlier(of: stroke.startedAt + stallLimit)
    case .retracting(let stroke):
      let stall = stroke.startedAt + stallLimit
      return stroke.wasCut && stroke.leftHomeAt == nil ? restsAfterCut(stroke).earlier(of: stall) : stall
    }
  }

  /// A needle that was cut off before it left home may still leave it with the speed it had: wait both travels.
  @_noLocks private func restsAfterCut(_ stroke: Stroke) -> Instant {
    stroke.fireEndsAt + geometry.extendTravel + geometry.retractTravel
  }

  @_noLocks private mutating func keep(_ stroke: Stroke) {
    switch phase {
    case .home: return
    case .extending: phase = .extending(stroke)
    case .retracting: phase = .retracting(stroke)
    }
  }
}
