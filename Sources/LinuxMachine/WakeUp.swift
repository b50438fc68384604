internal import CLinux
internal import Glibc

/// What the control plane wakes the loop with: an eventfd, so that nothing is queued, lost or waited for.
///
/// It carries no message. The loop looks at its stop latch and its command ring whenever it wakes.
public final class WakeUp: Sendable {
  /// Readable while a signal waits.
  public let descriptor: Int32

  /// `eventfd(2)`; throws when the process has no descriptor left.
  public init() throws(Errno) {
    let result = stipple_event_create()
    guard result >= 0 else { throw Errno(result: result) }
    descriptor = result
  }

  deinit { _ = close(descriptor) }

  /// Makes the loop's current or next wait return at once. Any thread may call it; it never blocks.
  public func signal() { _ = stipple_event_signal(descriptor) }

  /// Takes the signals that wait; whether there was one.
  @discardableResult
  public func drain() -> Bool { stipple_event_drain(descriptor) > 0 }
}
