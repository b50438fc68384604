public import Units

/// The ceilings in force for the work at hand: composed ceilings, and which depth group the zone puts them in.
public struct Envelope: Equatable, Sendable, BitwiseCopyable {
  public var ceilings: Ceilings
  public var depthGroup: DepthGroup
  /// What a measurement may exceed a limit by before it is a breach: half of what the sensors resolve.
  public var tolerance: SensorTolerance

  @_noLocks public init(ceilings: Ceilings, depthGroup: DepthGroup, tolerance: SensorTolerance) {
    self.ceilings = ceilings
    self.depthGroup = depthGroup
    self.tolerance = tolerance
  }

  /// The first limit a plan would break, `nil` when it keeps all. Checked before every stroke.
  @_noLocks public func breach(of plan: StrokePlan) -> Limit? {
    guard let shortestPeriod = ceilings.strokeRate.period, plan.period >= shortestPeriod else {
      return .strokeRate
    }
    if plan.depth > ceilings.depth(in: depthGroup) { return .depth }
    if plan.timeOut > ceilings.dwell(at: plan.period) { return .dwell }
    if plan.offTime < ceilings.minimumOffTime { return .offTime }
    if plan.strokesPerDot > ceilings.strokesPerDot { return .strokesPerDot }
    if plan.dotDuration > ceilings.dotDuration { return .dotDuration }
    if plan.dotPeriod > .zero {
      guard let shortestDot = ceilings.dotRate.period, plan.dotPeriod >= shortestDot else { return .dotRate }
      if plan.period * Int64(plan.strokesPerDot) > plan.dotPeriod { return .dotRate }
    }
    return nil
  }

  /// The first limit a measured stroke broke, beyond the stated tolerance; `nil` when it kept all.
  @_noLocks public func breach(of measured: StrokeMeasurement) -> Limit? {
    guard let shortestPeriod = ceilings.strokeRate.period else { return .strokeRate }
    if let period = measured.period, period < shortestPeriod - tolerance.time { return .strokeRate }
    if let depth = measured.depth, depth > ceilings.depth(in: depthGroup) + tolerance.depth { return .depth }
    if measured.timeOut > ceilings.dwell(at: measured.plannedPeriod) + tolerance.time { return .dwell }
    return nil
  }
}

/// What the sensors cannot tell apart, from the machine profile.
public struct SensorTolerance: Equatable, Sendable, BitwiseCopyable {
  /// Of depth read from the drive. ±0.15 mm by default (FDA K182407).
  public var depth: Micrometres
  /// Of the time of an edge.
  public var time: Nanoseconds

  @_noLocks public init(depth: Micrometres, time: Nanoseconds) {
    self.depth = depth
    self.time = time
  }
}

/// What the sensors said of one stroke.
public struct StrokeMeasurement: Equatable, Sendable, BitwiseCopyable {
  /// From the previous stroke's home-left edge to this one's; `nil` for the first of a run.
  public var period: Nanoseconds?
  /// The period it was planned with, which sets its dwell ceiling.
  public var plannedPeriod: Nanoseconds
  /// Linear: from home left to home reached. Rotary: the time past the nose, computed from the time away from home.
  public var timeOut: Nanoseconds
  /// The drive's own position of the depth axis; `nil` when the link gave none for this stroke.
  public var depth: Micrometres?

  @_noLocks public init(
    period: Nanoseconds?, plannedPeriod: Nanoseconds, timeOut: Nanoseconds, depth: Micrometres?
  ) {
    self.period = period
    self.plannedPeriod = plannedPeriod
    self.timeOut = timeOut
    self.depth = depth
  }
}

/// A limit that a plan or a stroke can break, by the name a person reads.
public enum Limit: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case strokeRate, depth, dwell, offTime, strokesPerDot, dotDuration, dotRate
  /// The machine does not offer the mode: a rotary one has no dot mode.
  case mode

  /// The raw value, for comparisons in the loop: a derived `==` is generic in debug builds.
  public var bit: UInt8 { @_noLocks get { rawValue } }

  public var name: String {
    switch self {
    case .strokeRate: "stroke rate"
    case .depth: "depth"
    case .dwell: "dwell"
    case .offTime: "off-time between strokes"
    case .strokesPerDot: "strokes per dot"
    case .dotDuration: "duration of a dot"
    case .dotRate: "dot rate"
    case .mode: "mode"
    }
  }
}
