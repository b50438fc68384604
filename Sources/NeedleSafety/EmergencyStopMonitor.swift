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

  /// What it knows as one number, instants counted from `origin`, up to a second: for model checking.
  public func stamp(from origin: Instant) -> UInt64 {
    let age = differSince == .distantFuture ? -1 : min((origin - differSince).count, 1_000_000_000)
    return UInt64(bitPattern: age) << 2 | UInt64((closedA ? 1 : 0) | (closedB ? 2 : 0))
  }
}
