import Glibc
import NIOPosix

/// Connecting in the queue that the kernel keeps for a listening socket.
///
/// A connect that does not block is refused (EAGAIN) while as many wait as the service lets queue, and whoever then asks
/// anew every so often loses to whoever asks more often. One that blocks is woken in its turn (unix(7), listen(2)).
enum PatientConnect {
  /// A connected descriptor, the caller's to close. Waits on a thread of its own, `timeout` at most. Throws
  /// ``VarlinkClientError`` with `hint`.
  static func connect(to path: String, timeout: Duration, hint: String?) async throws -> Int32 {
    try await NIOThreadPool.singleton.runIfActive {
      try connectAndWait(path, timeout, hint)
    }
  }

  private static func connectAndWait(
    _ path: String, _ timeout: Duration, _ hint: String?
  ) throws(VarlinkClientError) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure(path, errno) }
    do throws(VarlinkClientError) {
      let deadline = ContinuousClock.now + timeout
      var number: Int32
      repeat {
        try limitWait(of: descriptor, until: deadline, path)
        number = try attempt(descriptor, path)
      } while number == EINTR
      guard number == 0 else { throw refusal(path, number, hint, after: timeout) }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// 0, or the errno of what refused.
  private static func attempt(_ descriptor: Int32, _ path: String) throws(VarlinkClientError) -> Int32 {
    do throws(VarlinkServerError) {
      return try unsafe UnixAddress.call(path) {
        unsafe Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno
      }
    } catch {
      throw .cannotConnect(path: path, reason: "\(error)")
    }
  }

  /// connect(2) on a unix socket waits as long as a send may (SO_SNDTIMEO, unix(7)); a limit of nothing would be none.
  private static func limitWait(
    of descriptor: Int32, until deadline: ContinuousClock.Instant, _ path: String
  ) throws(VarlinkClientError) {
    let left = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline)).components
    var limit = timeval(tv_sec: Int(left.seconds), tv_usec: Int(left.attoseconds / 1_000_000_000_000))
    let size = socklen_t(MemoryLayout<timeval>.size)
    guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size) == 0 else {
      throw failure(path, errno)
    }
  }

  private static func refusal(
    _ path: String, _ number: Int32, _ hint: String?, after timeout: Duration
  ) -> VarlinkClientError {
    switch number {
    case ENOENT, ECONNREFUSED: .nobodyListens(path: path, hint: hint)
    case EACCES, EPERM: .notAllowed(path: path, hint: hint)
    case EAGAIN:
      .cannotConnect(
        path: path, reason: "the service has let nobody in for \(timeout): it hangs, or too many ask")
    default: failure(path, number)
    }
  }

  private static func failure(_ path: String, _ number: Int32) -> VarlinkClientError {
    .cannotConnect(path: path, reason: SystemError.text(number))
  }
}
