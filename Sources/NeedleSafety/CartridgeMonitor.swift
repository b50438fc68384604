public import Units

/// Judges the cartridge switch: seated after 100 ms of stillness, removed at once.
public struct CartridgeMonitor: Hashable, Sendable, BitwiseCopyable {
  private var seenPresent = false
  private var presentSince = Instant.boot
  public private(set) var isSeated = false

  @_noLocks public init() {}

  /// `absent` is the line's level: `CARTRIDGE_N` is active low.
  @_noLocks public mutating func update(absent: Bool, at instant: Instant) {
    if absent {
      seenPresent = false
      isSeated = false
    } else if !seenPresent {
      seenPresent = true
      presentSince = instant
    }
  }

  @_noLocks public mutating func advance(to now: Instant) {
    if seenPresent, now - presentSince >= SignalTiming.cartridgeInsert { isSeated = true }
  }

  public var deadline: Instant {
    @_noLocks get { seenPresent && !isSeated ? presentSince + SignalTiming.cartridgeInsert : .distantFuture }
  }

  /// What it knows as one number, instants counted from `origin`, up to a second: for model checking.
  public func stamp(from origin: Instant) -> UInt64 {
    let age = seenPresent && !isSeated ? min((origin - presentSince).count, 1_000_000_000) : -1
    return UInt64(bitPattern: age) << 2 | UInt64((seenPresent ? 1 : 0) | (isSeated ? 2 : 0))
  }
}
