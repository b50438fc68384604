public import Units

/// The figures of the product's tables, written out a second time on purpose.
public struct MonitorLimits: Sendable {
  /// One-shot 15 ms, and 1 ms for the way home.
  public var longestOut = Nanoseconds.milliseconds(16)
  /// Sensors and coil: what a measured time may exceed a limit by.
  public var timeTolerance = Nanoseconds.microseconds(200)
  /// 150 Hz.
  public var shortestPeriod = Nanoseconds(6_666_667)
  /// Torque goes at the latest this long after a stop, a guard or a cartridge.
  public var retractMaximum = Nanoseconds.milliseconds(20)
  /// The external watchdog's window, and its own slack.
  public var watchdogWindow = Nanoseconds.milliseconds(81)
  public var depthTolerance = Micrometres(150)
  /// A gap between two turns that counts as a stall of the loop.
  public var stall = Nanoseconds.milliseconds(1)

  /// The stall limit's ceiling of 50 ms, and a wake.
  public var reportedWithin = Nanoseconds.milliseconds(60)
  /// A dot of 250 ms that was begun, a stroke boundary, and the way to disarmed.
  public var permission = Nanoseconds.milliseconds(500)
  /// How old a claim may be: what time alone changes is shown a hundred times a second.
  public var claimAge = Nanoseconds.milliseconds(15)
  /// Serial replies and commands of one instant take a few turns; a loop that never sleeps takes any number.
  public var mostTurnsAtOneInstant = 1_000

  /// A cam: the needle is past the nose for longer than its ceiling only while it spins up or down. A spin-up that is broken off by a
  /// spin-down is two transitions in one row: 6 revolutions and 100 ms each, one more at 20 Hz, and 10 that it may coast.
  public var slowRevolutions = 0
  public var slowTime = Nanoseconds.zero
  /// A cam that was home for so long stood; at 20 Hz it passes home in 11 ms.
  public var standsAfter = Nanoseconds.milliseconds(30)
  public var isRotary: Bool { slowRevolutions > 0 }

  public init() {}

  /// A rotary machine: nothing but its motor brings the needle home, so that no time out is a breach by itself.
  public static var rotary: Self {
    var limits = Self()
    limits.longestOut = .forever
    limits.retractMaximum = .milliseconds(100)
    limits.slowRevolutions = 22
    limits.slowTime = .milliseconds(250)
    return limits
  }
}

/// What the profile in use makes of the limits.
public struct MonitorWork: Sendable {
  /// The lesser of 10 ms and 60 % of the period.
  public var dwellCeiling = Nanoseconds.milliseconds(10)
  public var strokesPerDot: Int32 = 25
  public var oneDotPerPress = false
  /// The deepest commanded depth since the treatment began.
  public var depth = Micrometres(1_000)

  public init() {}
}
