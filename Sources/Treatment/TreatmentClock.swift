public import Units

/// The two clocks the desk needs, handed in so that tests can hold them.
public struct TreatmentClock: Sendable {
  /// The loop's clock: orders what happened.
  public var now: @Sendable () -> Instant
  /// The calendar: names when it happened.
  public var wall: @Sendable () -> WallTime
  /// A time server or a battery clock has set the calendar since the board was started.
  public var isKept: @Sendable () -> Bool

  public init(
    now: @escaping @Sendable () -> Instant, wall: @escaping @Sendable () -> WallTime,
    isKept: @escaping @Sendable () -> Bool = { true }
  ) {
    self.now = now
    self.wall = wall
    self.isKept = isKept
  }

  /// The calendar time of a past instant, by the clocks as they stand now.
  func wall(of instant: Instant) -> WallTime { wall() - (now() - instant) }
}
