public import Units

/// Judges the two normally closed emergency-stop loops: either open is a stop at once, never debounced; different for over
/// 200 ms is a fault.
public struct EmergencyStopMonitor: Hashable, Sendable, BitwiseCopyable {
  private var closedA = false
  private var closedB = false
  private var differSince = Instant.distantFuture

  @_noLocks public init() {}

  @_noLocks public mutating func update(closedA: Bool, closedB: Bool, at instant: Instant) {
    self.closedA = closedA
    self.closedB = closedB
    if closedA == closedB {
      differSince = .distantFuture
    } else if differSince == .distantFuture {
      differSince = instant
    }
  }

  /// Both loops are closed: the emergency stop is not pressed and no wire is open.
  public var isClosed: Bool { @_noLocks get { closedA && closedB } }

  @_noLocks public func disagrees(at now: Instant) -> Bool {
    differSince != .distantFuture && now - differSince > SignalTiming.emergencyStopDisagreement
  }

  public var deadline: Instant {
    @_noLocks get {
      if differSince == .distantFuture { return .distantFuture }
      return differSince + SignalTiming.emergencyStopDisagreement + Nanoseconds(1)
    }
  }
}
