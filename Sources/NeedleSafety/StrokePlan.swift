public import Units

/// What one stroke is going to do, worked out before it starts and held against the envelope.
public struct StrokePlan: Equatable, Sendable, BitwiseCopyable {
  /// From this stroke's start to the next one's, at least.
  public let period: Nanoseconds
  /// How long `FIRE` is high; zero on a rotary machine.
  public let fireWidth: Nanoseconds
  /// Planned time out, which is held against the dwell ceiling. Linear: counted as it is measured, from home left to home
  /// reached, both travels included. Rotary: the time past the nose, which follows from period, depth and cam.
  public let timeOut: Nanoseconds
  public let depth: Micrometres
  public let strokesPerDot: Int32
  /// From the first stroke's start to the last one's home, in one dot.
  public let dotDuration: Nanoseconds
  /// From one dot's start to the next one's while the pedal is held; zero when each press fires one dot.
  public let dotPeriod: Nanoseconds

  /// The plan on a drivetrain, `nil` when it does not offer the mode, when the settings have no rate or no strokes, or are
  /// nonsense.
  @_noLocks
  public init?(_ settings: StrokeSettings, on drivetrain: Drivetrain) {
    guard drivetrain.offers(settings.mode) else { return nil }
    guard let period = settings.rate.period, settings.strokesPerDot > 0 else { return nil }
    guard settings.dwell >= .zero, settings.depth > .zero else { return nil }
    // Far beyond every ceiling, and far below where the sums here would overflow.
    guard settings.dwell <= .seconds(1), settings.strokesPerDot <= 10_000 else { return nil }
    self.period = period
    switch drivetrain {
    case .linear(let geometry):
      fireWidth = geometry.extendTravel + settings.dwell
      timeOut = fireWidth + geometry.retractTravel
    case .rotary(let geometry):
      fireWidth = .zero
      timeOut = geometry.dwell(over: period, depth: settings.depth)
    }
    depth = settings.depth
    strokesPerDot = settings.strokesPerDot
    dotDuration = period * Int64(settings.strokesPerDot - 1) + timeOut
    dotPeriod = if case .dot = settings.mode { settings.dotRate.period ?? .zero } else { .zero }
  }

  /// Least time from home reached to the next extension.
  @inlinable public var offTime: Nanoseconds { @_noLocks get { period - timeOut } }
}
