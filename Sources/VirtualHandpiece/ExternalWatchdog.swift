import Units

/// The external watchdog: takes torque away when its line has not changed for a whole window, and gives it back at the next
/// change. (It does not latch: that is the harder case for software, which has to write the safe outputs first.)
struct ExternalWatchdog: Equatable, Sendable, BitwiseCopyable {
  private let window: Nanoseconds
  private var line = false
  /// Fails on: never takes torque away.
  var isDead = false
  /// Fed within its window. Low until the first change after power-up.
  private(set) var isFed = false
  private(set) var expiry = Instant.distantFuture

  init(window: Nanoseconds) { self.window = window }

  var permitsTorque: Bool { isFed || isDead }

  mutating func follow(line level: Bool, at instant: Instant) {
    guard level != line else { return }
    line = level
    isFed = true
    expiry = instant + window
  }

  mutating func expire() {
    isFed = false
    expiry = .distantFuture
  }
}
