public import Units

/// Judges how late the loop wakes: single stalls and rows of misses end a run, the share of late wakes in the last seconds
/// decides whether arming is allowed.
public struct WakeMonitor: Sendable, BitwiseCopyable {
  /// Late wakes and all wakes of one second.
  private struct Second: Sendable, BitwiseCopyable {
    var wakes: Int32 = 0
    var late: Int32 = 0
    @_noLocks init() {}
  }

  private var seconds = InlineArray<10, Second>(repeating: Second())
  private var newest = 0
  private var newestStart = Instant.boot
  private var missesInARow: Int32 = 0
  /// The worst lateness since the process started.
  public private(set) var worst = Nanoseconds.zero
  /// All misses since the process started: wakes more than one period late.
  public private(set) var misses: UInt32 = 0

  @_noLocks public init() {}

  /// Takes in one wake that was due at a deadline. `true` when the run has to end: three misses in a row, or one wake later
  /// than `stallMaximum`.
  @_noLocks public mutating func note(
    lateness: Nanoseconds, period: Nanoseconds, wakeMaximum: Nanoseconds, stallMaximum: Nanoseconds,
    now: Instant
  ) -> Bool {
    advance(to: now)
    seconds[newest].wakes += 1
    if lateness > wakeMaximum { seconds[newest].late += 1 }
    if lateness > worst { worst = lateness }
    guard lateness > period else {
      missesInARow = 0
      return false
    }
    misses &+= 1
    missesInARow += 1
    return missesInARow >= 3 || lateness > stallMaximum
  }

  /// At most one wake in a thousand of the last seconds, and of the one under way, was later than the machine's `wake_max`.
  @_noLocks public func allowsArming(lookingBack secondsBack: Int32) -> Bool {
    var wakes: Int32 = 0
    var late: Int32 = 0
    var index = newest
    var left = secondsBack < 9 ? secondsBack + 1 : 10
    while left > 0 {
      wakes += seconds[index].wakes
      late += seconds[index].late
      index = index == 0 ? 9 : index - 1
      left -= 1
    }
    return wakes > 0 && late * 1_000 <= wakes
  }

  @_noLocks private mutating func advance(to now: Instant) {
    var turns = 0
    while now - newestStart >= .seconds(1), turns < 10 {
      newest = newest == 9 ? 0 : newest + 1
      seconds[newest] = Second()
      newestStart += .seconds(1)
      turns += 1
    }
    if now - newestStart >= .seconds(1) { newestStart = now }
  }
}
