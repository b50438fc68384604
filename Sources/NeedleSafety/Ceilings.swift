public import Units

/// The limits that bind, whoever asks: each is the most (for the off-time, the least) that any stroke, dot, run or session
/// may reach.
///
/// Ceilings compose as the tightest of absolute (compiled in), machine, cartridge and zone; see ``tightest(_:_:)``. The basis
/// of every figure is the limits table in the target's documentation page.
public struct Ceilings: Equatable, Sendable, BitwiseCopyable {
  /// Strokes per second.
  public var strokeRate: Millihertz
  /// Commanded depth beyond the nose in hairline, temples, frontal, sides and nape.
  public var depthShallow: Micrometres
  /// Commanded depth beyond the nose in mid, crown and scar.
  public var depthDeep: Micrometres
  /// Commanded depth beyond the nose with no client.
  public var depthBench: Micrometres
  /// Time per stroke past the nose.
  public var dwell: Nanoseconds
  /// Time per stroke past the nose, as percent of the period.
  public var dwellPercentOfPeriod: Int32
  /// Least time between home reached and the next extension. The one ceiling that is a floor.
  public var minimumOffTime: Nanoseconds
  public var strokesPerDot: Int32
  public var dotDuration: Nanoseconds
  public var dotRate: Millihertz
  /// Longest time from the start of a stroke to home.
  public var stall: Nanoseconds
  /// Longest run on one press.
  public var continuousRun: Nanoseconds
  /// Share of any ten minutes spent running, percent.
  public var dutyPercent: Int32
  /// Running time in one session.
  public var motorOnPerSession: Nanoseconds
  public var dotsPerSquareCentimetre: Int32
  public var currentContinuous: Milliamperes
  public var currentPeak: Milliamperes
  /// How long the peak current may last.
  public var currentPeakDuration: Nanoseconds
  public var motorCase: Decicelsius
  public var lease: Nanoseconds

  /// The absolute ceilings: nothing a file or a person says raises them.
  public static var absolute: Ceilings {
    @_noLocks get {
      Ceilings(
        strokeRate: .hertz(150),
        depthShallow: Micrometres(1_000),
        depthDeep: Micrometres(1_350),
        depthBench: Micrometres(2_000),
        dwell: .milliseconds(10),
        dwellPercentOfPeriod: 60,
        minimumOffTime: .zero,
        strokesPerDot: 25,
        dotDuration: .milliseconds(250),
        dotRate: .hertz(10),
        stall: .milliseconds(50),
        continuousRun: .seconds(120),
        dutyPercent: 80,
        motorOnPerSession: .hours(4),
        dotsPerSquareCentimetre: 80,
        currentContinuous: Milliamperes(370),
        currentPeak: Milliamperes(800),
        currentPeakDuration: .milliseconds(100),
        motorCase: .celsius(75),
        lease: .milliseconds(250))
    }
  }

  @_noLocks
  public init(
    strokeRate: Millihertz, depthShallow: Micrometres, depthDeep: Micrometres, depthBench: Micrometres,
    dwell: Nanoseconds, dwellPercentOfPeriod: Int32, minimumOffTime: Nanoseconds, strokesPerDot: Int32,
    dotDuration: Nanoseconds, dotRate: Millihertz, stall: Nanoseconds, continuousRun: Nanoseconds,
    dutyPercent: Int32, motorOnPerSession: Nanoseconds, dotsPerSquareCentimetre: Int32,
    currentContinuous: Milliamperes, currentPeak: Milliamperes, currentPeakDuration: Nanoseconds,
    motorCase: Decicelsius, lease: Nanoseconds
  ) {
    self.strokeRate = strokeRate
    self.depthShallow = depthShallow
    self.depthDeep = depthDeep
    self.depthBench = depthBench
    self.dwell = dwell
    self.dwellPercentOfPeriod = dwellPercentOfPeriod
    self.minimumOffTime = minimumOffTime
    self.strokesPerDot = strokesPerDot
    self.dotDuration = dotDuration
    self.dotRate = dotRate
    self.stall = stall
    self.continuousRun = continuousRun
    self.dutyPercent = dutyPercent
    self.motorOnPerSession = motorOnPerSession
    self.dotsPerSquareCentimetre = dotsPerSquareCentimetre
    self.currentContinuous = currentContinuous
    self.currentPeak = currentPeak
    self.currentPeakDuration = currentPeakDuration
    self.motorCase = motorCase
    self.lease = lease
  }

  /// The tighter of two sets of ceilings, field by field.
  @_noLocks public static func tightest(_ a: Ceilings, _ b: Ceilings) -> Ceilings {
    Ceilings(
      strokeRate: lesser(a.strokeRate, b.strokeRate),
      depthShallow: lesser(a.depthShallow, b.depthShallow),
      depthDeep: lesser(a.depthDeep, b.depthDeep),
      depthBench: lesser(a.depthBench, b.depthBench),
      dwell: lesser(a.dwell, b.dwell),
      dwellPercentOfPeriod: lesser(a.dwellPercentOfPeriod, b.dwellPercentOfPeriod),
      minimumOffTime: a.minimumOffTime > b.minimumOffTime ? a.minimumOffTime : b.minimumOffTime,
      strokesPerDot: lesser(a.strokesPerDot, b.strokesPerDot),
      dotDuration: lesser(a.dotDuration, b.dotDuration),
      dotRate: lesser(a.dotRate, b.dotRate),
      stall: lesser(a.stall, b.stall),
      continuousRun: lesser(a.continuousRun, b.continuousRun),
      dutyPercent: lesser(a.dutyPercent, b.dutyPercent),
      motorOnPerSession: lesser(a.motorOnPerSession, b.motorOnPerSession),
      dotsPerSquareCentimetre: lesser(a.dotsPerSquareCentimetre, b.dotsPerSquareCentimetre),
      currentContinuous: lesser(a.currentContinuous, b.currentContinuous),
      currentPeak: lesser(a.currentPeak, b.currentPeak),
      currentPeakDuration: lesser(a.currentPeakDuration, b.currentPeakDuration),
      motorCase: lesser(a.motorCase, b.motorCase),
      lease: lesser(a.lease, b.lease))
  }

  /// The depth ceiling for a depth group.
  @_noLocks public func depth(in group: DepthGroup) -> Micrometres {
    switch group {
    case .shallow: depthShallow
    case .deep: depthDeep
    case .bench: depthBench
    }
  }

  /// The dwell ceiling at a stroke period: the lesser of the fixed ceiling and the share of the period.
  @_noLocks public func dwell(at period: Nanoseconds) -> Nanoseconds {
    let share = period.percent(Int64(dwellPercentOfPeriod))
    return share < dwell ? share : dwell
  }
}

// The standard library's `min` is generic, which the loop's no-locks check rejects in debug builds.
@_noLocks private func lesser(_ a: Millihertz, _ b: Millihertz) -> Millihertz { a < b ? a : b }
@_noLocks private func lesser(_ a: Micrometres, _ b: Micrometres) -> Micrometres { a < b ? a : b }
@_noLocks private func lesser(_ a: Nanoseconds, _ b: Nanoseconds) -> Nanoseconds { a < b ? a : b }
@_noLocks private func lesser(_ a: Milliamperes, _ b: Milliamperes) -> Milliamperes { a < b ? a : b }
@_noLocks private func lesser(_ a: Decicelsius, _ b: Decicelsius) -> Decicelsius { a < b ? a : b }
@_noLocks private func lesser(_ a: Int32, _ b: Int32) -> Int32 { a < b ? a : b }
