public import Units

/// The cam of a rotary drive, from the machine profile: one revolution is one stroke, the needle moves as a sine.
///
/// The home rest is the top of the cam; the needle is `stroke × (1 − cos φ) / 2` below it at the angle φ. Depth d is past the
/// nose while that is more than `stroke − d`, so for a share acos(1 − 2·d/stroke) / π of each revolution: 39 % at 1 mm of a
/// 3 mm stroke. ``dwell(over:depth:)`` is that share of the period.
public struct RotaryGeometry: Equatable, Sendable, BitwiseCopyable {
  /// The needle's whole travel, top to bottom.
  public var stroke: Micrometres
  /// `NEEDLE_HOME` is high while the needle is within this of the top; less than `stroke` less the deepest depth.
  public var homeTravel: Micrometres
  /// The drive's ramp, up and down, as it is set and read back: from a stand to `rampRate` in `ramp`.
  public var ramp: Nanoseconds
  public var rampRate: Millihertz
  /// The rate at which the needle is brought home: slow enough to be braked while `NEEDLE_HOME` is high.
  public var parkRate: Millihertz
  /// Most revolutions, and longest time, of a spin-up to the set rate or of a spin-down to the brake: the only time in which a
  /// stroke's dwell may be above its ceiling.
  public var transitionRevolutions: Int32
  public var transitionTime: Nanoseconds
  /// Most revolutions the cam coasts without torque; kept free in budgets and intents, so that a coast breaks neither.
  public var coastRevolutions: Int32

  @_noLocks
  public init(
    stroke: Micrometres, homeTravel: Micrometres, ramp: Nanoseconds, rampRate: Millihertz,
    parkRate: Millihertz,
    transitionRevolutions: Int32, transitionTime: Nanoseconds, coastRevolutions: Int32
  ) {
    self.stroke = stroke
    self.homeTravel = homeTravel
    self.ramp = ramp
    self.rampRate = rampRate
    self.parkRate = parkRate
    self.transitionRevolutions = transitionRevolutions
    self.transitionTime = transitionTime
    self.coastRevolutions = coastRevolutions
  }

  /// How long the drive may take from a command to its effect: the frame on the line, and what waits before it.
  public static var commandLatency: Nanoseconds { @_noLocks get { .milliseconds(5) } }

  /// Strokes that may still happen once a run is ending: a spin-down, and the coast that it becomes when torque goes in the middle
  /// of it.
  public var strokesInReserve: Int32 { @_noLocks get { transitionRevolutions + coastRevolutions } }

  /// The time past the nose in one revolution of `period` at `depth`, rounded up; 0 at no depth, the whole period at a depth
  /// of the whole stroke and more.
  @_noLocks public func dwell(over period: Nanoseconds, depth: Micrometres) -> Nanoseconds {
    Self.share(CamShare.millionths(of: depth, in: stroke), of: period)
  }

  /// The longest period whose dwell at `depth` is not above `dwell`, rounded down; `.forever` at no depth.
  @_noLocks public func longestPeriod(dwell: Nanoseconds, depth: Micrometres) -> Nanoseconds {
    let share = CamShare.millionths(of: depth, in: stroke)
    if share <= 0 { return .forever }
    return Nanoseconds(Self.bounded(dwell).count * 1_000_000 / share)
  }

  /// The period of a revolution whose way from home left to home reached took `timeOut`, at an even speed.
  @_noLocks public func period(out timeOut: Nanoseconds) -> Nanoseconds {
    let away = 1_000_000 - CamShare.millionths(of: homeTravel, in: stroke)
    return Nanoseconds((Self.bounded(timeOut).count * 1_000_000 + away - 1) / (away > 0 ? away : 1))
  }

  /// How long a revolution of `period` keeps the needle away from home.
  @_noLocks public func timeAway(over period: Nanoseconds) -> Nanoseconds {
    Self.share(1_000_000 - CamShare.millionths(of: homeTravel, in: stroke), of: period)
  }

  /// The drive's ramp between two rates, rounded up.
  @_noLocks public func rampTime(from one: Millihertz, to other: Millihertz) -> Nanoseconds {
    let change = Int64(one.count) - Int64(other.count)
    let steps = change < 0 ? -change : change
    let whole = Int64(rampRate.count > 0 ? rampRate.count : 1)
    return Nanoseconds((steps * Self.bounded(ramp).count + whole - 1) / whole)
  }

  /// The ramp in revolutions of the cam per second squared, rounded down, at least 1.
  public var acceleration: Int32 {
    @_noLocks get {
      let perSecond = ramp > .zero ? Int64(rampRate.count) * 1_000_000 / ramp.count : Int64(Int32.max)
      if perSecond < 1 { return 1 }
      return perSecond > Int64(Int32.max) ? Int32.max : Int32(truncatingIfNeeded: perSecond)
    }
  }

  /// From the brake's command until the needle stands, if it ever does: the command's way, the ramp, and as much again.
  public var settleTime: Nanoseconds {
    @_noLocks get { Self.commandLatency * 2 + rampTime(from: parkRate, to: .zero) }
  }

  /// Longest time from the command to spin down until the needle stands home, from the fastest rate a machine may have.
  @_noLocks public func longestSpinDown(from rate: Millihertz) -> Nanoseconds {
    let slowing = Self.commandLatency + rampTime(from: rate, to: parkRate)
    return slowing + (parkRate.period ?? .zero) + settleTime
  }

  @_noLocks private static func share(_ millionths: Int64, of period: Nanoseconds) -> Nanoseconds {
    Nanoseconds((bounded(period).count * millionths + 999_999) / 1_000_000)
  }

  /// Far beyond every stroke, and far below where a product with a million would overflow.
  @_noLocks private static func bounded(_ time: Nanoseconds) -> Nanoseconds {
    if time < .zero { return .zero }
    return time > .seconds(1_000) ? .seconds(1_000) : time
  }
}
