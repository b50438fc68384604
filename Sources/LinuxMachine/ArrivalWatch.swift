internal import CLinux
internal import Glibc

/// Tells when bytes have come in on a terminal, without making the caller wait for the kernel.
///
/// Polling a terminal itself makes `n_tty` wait for its flush worker, an ordinary thread of the kernel: on a busy host that held a
/// real-time thread up for as long as the host was busy. An edge-triggered epoll watch asks the terminal only once bytes have
/// arrived.
public final class ArrivalWatch: Sendable {
  /// Poll this one in the terminal's stead.
  public let descriptor: Int32

  /// Watches a descriptor, which stays the caller's. Throws when the kernel refuses.
  public init(_ watched: Int32) throws(Errno) {
    let watch = stipple_watch_create()
    guard watch >= 0 else { throw Errno(result: watch) }
    descriptor = watch
    let result = stipple_watch_add(watch, watched)
    guard result >= 0 else { throw Errno(result: result) }
  }

  deinit { _ = close(descriptor) }

  /// Takes the word that bytes have come, if it was given since the last time.
  public func take() -> Bool { stipple_watch_take(descriptor) != 0 }
}
