import NeedleSafety
import Units

/// Follows the cam of a rotary machine by the edges of `NEEDLE_HOME`: spinning up, steady, slowing, braked at home, or coasting
/// without torque. It decides nothing about whether the cam may turn.
struct CamEngine: Equatable, Sendable, BitwiseCopyable {
  enum Phase: Equatable, Sendable, BitwiseCopyable {
    /// Proved to stand at home.
    case parked
    case spinningUp(since: Instant)
    case steady
    /// The park rate was asked for; from `rampEndsAt` on the next arrival at home is braked.
    case slowing(since: Instant, rampEndsAt: Instant)
    /// The brake was asked for with the needle at home; it stands once it has stayed there.
    case settling(since: Instant, slowingSince: Instant)
    /// Without torque, or braked and gone: whatever it does, it does by itself.
    case coasting(since: Instant)
  }

  /// What an edge of the home sensor meant.
  enum Passage: Equatable, Sendable, BitwiseCopyable {
    case none, left
    case returned(StrokeEngine.Finished)
  }

  private(set) var phase = Phase.parked
  /// The revolution past the home mark, `nil` at home.
  private(set) var stroke: Stroke?
  /// When the needle last came home, `nil` before the first revolution of a run.
  private(set) var returnedAt: Instant?
  /// Revolutions since the transition under way began.
  private(set) var revolutions: Int32 = 0
  /// The rate that was last asked for.
  private(set) var target = Millihertz.zero

  @_noLocks init() {}

  var isParked: Bool { @_noLocks get { if case .parked = phase { true } else { false } } }
  var isCoasting: Bool { @_noLocks get { if case .coasting = phase { true } else { false } } }
  /// The needle is past the home mark, as far as the edges tell.
  var isOut: Bool { @_noLocks get { if case .some = stroke { true } else { false } } }

  /// It turns at the wish of a run: up to its rate, or at it.
  var isDriven: Bool {
    @_noLocks get {
      switch phase {
      case .spinningUp, .steady: true
      case .parked, .slowing, .settling, .coasting: false
      }
    }
  }

  var isSteady: Bool { @_noLocks get { if case .steady = phase { true } else { false } } }

  /// Since when the cam has been spinning up or down; `nil` in no transition.
  var transitionSince: Instant? {
    @_noLocks get {
      switch phase {
      case .spinningUp(let since), .slowing(let since, _), .settling(_, let since): since
      case .parked, .steady, .coasting: nil
      }
    }
  }

  /// The cam is asked to turn.
  @_noLocks mutating func spin(to rate: Millihertz, at now: Instant) {
    phase = .spinningUp(since: now)
    revolutions = 0
    returnedAt = nil
    target = rate
  }

  /// The cam has its rate.
  @_noLocks mutating func becomeSteady() {
    guard case .spinningUp = phase else { return }
    phase = .steady
    revolutions = 0
  }

  /// The cam is to come to a stand at home. `true` when it has to be asked to slow down: it was not yet.
  @_noLocks mutating func slow(at now: Instant, _ geometry: RotaryGeometry) -> Bool {
    guard isDriven else { return false }
    let ramp = geometry.rampTime(from: target, to: geometry.parkRate)
    phase = .slowing(since: now, rampEndsAt: now + RotaryGeometry.commandLatency + ramp)
    revolutions = 0
    target = geometry.parkRate
    return true
  }

  /// The cam is turned at the park rate from a stand, to bring the needle home.
  @_noLocks mutating func seekHome(at now: Instant, _ geometry: RotaryGeometry) {
    let ramp = geometry.rampTime(from: .zero, to: geometry.parkRate)
    phase = .slowing(since: now, rampEndsAt: now + RotaryGeometry.commandLatency + ramp)
    revolutions = 0
    returnedAt = nil
    target = geometry.parkRate
  }

  /// Whether a needle that has just come home is to be braked now.
  @_noLocks mutating func brake(at now: Instant) -> Bool {
    guard case .slowing(let since, let rampEndsAt) = phase, now >= rampEndsAt else { return false }
    phase = .settling(since: now, slowingSince: since)
    target = .zero
    return true
  }

  /// The needle went past home although it was braked: it turns on at the park rate. `true` when it has to be asked to.
  @_noLocks mutating func overshoot(at now: Instant, _ geometry: RotaryGeometry) -> Bool {
    guard case .settling(_, let slowingSince) = phase else { return false }
    phase = .slowing(since: slowingSince, rampEndsAt: now)
    target = geometry.parkRate
    return true
  }

  /// Torque is gone, or the cam moves though nobody asked it to.
  @_noLocks mutating func coast(at now: Instant) {
    switch phase {
    case .coasting: return
    case .parked, .spinningUp, .steady, .slowing, .settling: phase = .coasting(since: now)
    }
    target = .zero
  }

  /// A revolution begins: the needle has left home.
  @_noLocks mutating func begin(_ stroke: Stroke) {
    self.stroke = stroke
    if case .coasting = phase { phase = .coasting(since: stroke.startedAt) }
  }

  /// The needle left home and no stroke is counted: it is being brought home, or nobody's session is open.
  @_noLocks mutating func noteMotion(at instant: Instant) {
    if case .coasting = phase { phase = .coasting(since: instant) }
  }

  /// The needle is home again. Gives the stroke that this ends, with the period since it was home before.
  @_noLocks mutating func finish(at instant: Instant) -> StrokeEngine.Finished? {
    noteMotion(at: instant)
    revolutions &+= 1
    defer { returnedAt = instant }
    guard let stroke else { return nil }
    self.stroke = nil
    return StrokeEngine.Finished(stroke: stroke, homeAt: instant, stalled: false)
  }

  /// Gives up a revolution that does not come home.
  @_noLocks mutating func giveUp(at now: Instant) -> StrokeEngine.Finished? {
    guard let stroke else { return nil }
    self.stroke = nil
    return StrokeEngine.Finished(stroke: stroke, homeAt: now, stalled: true)
  }

  @_noLocks mutating func markDwellReported() {
    guard var stroke else { return }
    stroke.dwellReported = true
    self.stroke = stroke
  }

  /// Lets time pass: a braked needle that has stayed home stands, and so does one that has coasted out at home.
  @_noLocks mutating func advance(to now: Instant, homeIsHigh: Bool, _ geometry: RotaryGeometry) {
    guard homeIsHigh, !isOut else { return }
    switch phase {
    case .settling(let since, _) where now - since >= geometry.settleTime: phase = .parked
    case .coasting(let since) where now - since >= Self.rest: phase = .parked
    default: return
    }
  }

  /// A coasting cam without an edge for so long stands: friction stops it within a few revolutions (engineering choice, two
  /// revolutions at 4 Hz).
  static var rest: Nanoseconds { @_noLocks get { .milliseconds(500) } }

  /// When time alone changes something.
  @_noLocks func deadline(_ geometry: RotaryGeometry) -> Instant {
    switch phase {
    case .parked, .steady: .distantFuture
    case .spinningUp(let since), .slowing(let since, _): since + geometry.transitionTime + Nanoseconds(1)
    case .settling(let since, _): since + geometry.settleTime
    case .coasting(let since): since + Self.rest
    }
  }
}
