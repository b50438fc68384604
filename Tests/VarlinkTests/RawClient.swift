import Glibc
import NIOPosix
import Varlink

/// A client that writes any bytes it likes. It gives up after five seconds, so that a test cannot hang, and waits on a
/// thread of its own, so that the handlers it waits for have theirs.
final class RawClient: Sendable {
  private let descriptor: Int32

  struct Failure: Error { var call: String }

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw Failure(call: "connect") }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Writes all of the text; false when the other side has hung up.
  @discardableResult
  func send(_ text: String) async throws -> Bool {
    try await NIOThreadPool.singleton.runIfActive { self.write(Array(text.utf8)) }
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let rest = Array(bytes[sent...])
      let count = unsafe Glibc.send(descriptor, rest, rest.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func call(_ method: String, _ parameters: JSONValue = [:], extra: String = "") async throws {
    try await send("{\"method\":\"\(method)\",\"parameters\":\(parameters)\(extra)}\u{0}")
  }

  func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next message; nil when the server hung up.
  func receive() async throws -> JSONValue? {
    try await NIOThreadPool.singleton.runIfActive { try self.read() }
  }

  private func read() throws -> JSONValue? {
    var message: [UInt8] = []
    var byte: [UInt8] = [0]
    while true {
      let count = unsafe recv(descriptor, &byte, 1, 0)
      if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
      guard count == 1 else { throw Failure(call: "recv: nothing for five seconds") }
      if byte[0] == 0 { return try JSONParser.parse(message) }
      message.append(byte[0])
    }
  }

  func error() async throws -> String? { try await receive()?["error"]?.string }
}
