import Units

/// The board's one-shot between `FIRE` and the coil: its output follows `FIRE`, but never for longer than its limit, and
/// once it has timed out only a new rising edge starts it again.
struct OneShot: Equatable, Sendable, BitwiseCopyable {
  /// What can be wrong with it.
  enum Condition: UInt8, Sendable, BitwiseCopyable {
    case sound
    /// Passes `FIRE` without a limit: the dangerous failure, which only calibration can find.
    case passesThrough
    /// Never fires.
    case dead
  }

  private let limit: Nanoseconds
  var condition = Condition.sound
  private(set) var fire = false
  private(set) var output = false
  private(set) var firedAt = Instant.boot
  /// When the output will fall by itself; `.distantFuture` while it is low.
  private(set) var expiry = Instant.distantFuture

  init(limit: Nanoseconds) { self.limit = limit }

  /// The level of `FIRE`. A level that did not change changes nothing.
  mutating func follow(fire level: Bool, at instant: Instant) {
    guard level != fire else { return }
    fire = level
    guard level else {
      output = false
      expiry = .distantFuture
      return
    }
    guard condition != .dead else { return }
    output = true
    firedAt = instant
    expiry = condition == .passesThrough ? .distantFuture : instant + limit
  }

  mutating func expire() {
    output = false
    expiry = .distantFuture
  }
}
