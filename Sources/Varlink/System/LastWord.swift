import Glibc

/// What a caller has sent already on a connection that cannot be kept, and a last word to it. Neither waits.
enum LastWord {
  /// An urgent call is short.
  private static let longest = 4 << 10

  /// The bytes that are there; empty when there are none yet.
  static func read(_ descriptor: Int32) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: longest)
    let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return count > 0 ? Array(buffer[..<count]) : []
  }

  /// What the kernel does not take at once is lost: nobody is kept waiting for it.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    _ = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
  }
}
