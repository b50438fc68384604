public import Units

/// Running time within the last ten minutes, in sixty slots of ten seconds, so that a limit on duty needs no history that
/// grows. The oldest slot leaves whole: the figure is never less than the true one.
public struct DutyMonitor: Sendable, BitwiseCopyable {
  public static var window: Nanoseconds { @_noLocks get { .minutes(10) } }
  private static var slot: Nanoseconds { @_noLocks get { .seconds(10) } }
  // One slot more than the window holds: the newest is only partly filled.
  private var slots = InlineArray<61, Nanoseconds>(repeating: .zero)
  private var newest = 0
  private var newestStart = Instant.boot
  /// Sum of all slots.
  public private(set) var running = Nanoseconds.zero

  @_noLocks public init() {}

  /// Adds a stretch of running that ends now; `.zero` just lets time pass.
  @_noLocks public mutating func add(_ stretch: Nanoseconds, now: Instant) {
    advance(to: now)
    slots[newest] += stretch
    running += stretch
  }

  /// The share of the window spent running, in percent, rounded up.
  public var percent: Int64 {
    @_noLocks get { (running.count + Self.window.count / 100 - 1) / (Self.window.count / 100) }
  }

  @_noLocks private mutating func advance(to now: Instant) {
    // A clock far ahead empties every slot once; more turns change nothing.
    var turns = 0
    while now - newestStart >= Self.slot, turns < 61 {
      newest = newest == 60 ? 0 : newest + 1
      running -= slots[newest]
      slots[newest] = .zero
      newestStart += Self.slot
      turns += 1
    }
    if now - newestStart >= Self.slot { newestStart = now }
  }
}
