import Units

/// A level that follows another after a delay, and ignores a change that did not last that long: a coil's current, an
/// optocoupler with its filter.
struct DelayedLevel: Equatable, Sendable, BitwiseCopyable {
  private let rise: Nanoseconds
  private let fall: Nanoseconds
  private(set) var level = false
  private var target = false
  private(set) var changeAt = Instant.distantFuture

  init(rise: Nanoseconds, fall: Nanoseconds) {
    self.rise = rise
    self.fall = fall
  }

  mutating func follow(_ newTarget: Bool, at instant: Instant) {
    guard newTarget != target else { return }
    target = newTarget
    changeAt = newTarget == level ? .distantFuture : instant + (newTarget ? rise : fall)
  }

  mutating func change() {
    level = target
    changeAt = .distantFuture
  }
}
