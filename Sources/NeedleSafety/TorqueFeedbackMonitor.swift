public import Units

/// Holds `STO_FB` against the two channels it has to follow: high exactly when both are on, within 25 ms, both ways.
public struct TorqueFeedbackMonitor: Hashable, Sendable, BitwiseCopyable {
  private var expected = false
  /// Since when the feedback has not been what it has to be.
  private var differsSince = Instant.distantFuture
  private var feedback = false

  @_noLocks public init() {}

  /// Says what the outputs were just set to.
  @_noLocks public mutating func expect(_ torqueOn: Bool, at instant: Instant) {
    guard torqueOn != expected else { return }
    expected = torqueOn
    note(at: instant)
  }

  @_noLocks public mutating func update(feedback: Bool, at instant: Instant) {
    guard feedback != self.feedback else { return }
    self.feedback = feedback
    note(at: instant)
  }

  /// The feedback is what the outputs call for.
  public var follows: Bool { @_noLocks get { feedback == expected } }

  @_noLocks public func failed(at now: Instant) -> Bool {
    differsSince != .distantFuture && now - differsSince > SignalTiming.torqueFollow
  }

  public var deadline: Instant {
    @_noLocks get {
      if differsSince == .distantFuture { return .distantFuture }
      return differsSince + SignalTiming.torqueFollow + Nanoseconds(1)
    }
  }

  @_noLocks private mutating func note(at instant: Instant) {
    if follows {
      differsSince = .distantFuture
    } else if differsSince == .distantFuture {
      differsSince = instant
    }
  }

  /// What it knows as one number, instants counted from `origin`, up to a second: for model checking.
  public func stamp(from origin: Instant) -> UInt64 {
    let age = differsSince == .distantFuture ? -1 : min((origin - differsSince).count, 1_000_000_000)
    return UInt64(bitPattern: age) << 2 | UInt64((expected ? 1 : 0) | (feedback ? 2 : 0))
  }
}
