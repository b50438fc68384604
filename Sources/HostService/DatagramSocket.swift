import Glibc

/// A unix datagram socket connected to a service of this host, which may come and go: what cannot be delivered is lost, and said
/// to be by the result.
final class DatagramSocket: Sendable {
  private let descriptor: Int32

  /// Connects to the socket at a path, or to an abstract one where the path begins with `@` (unix(7)). `nil` when nobody is
  /// there or the path is too long for an address.
  init?(path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard let first = name.first, name.count < room else { return nil }
    let isAbstract = first == UInt8(ascii: "@")
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
      for (index, byte) in name.enumerated() { unsafe place[index] = byte }
      if isAbstract { unsafe place[0] = 0 }
    }
    // An abstract name ends where its length says, a path at its zero byte.
    let length = MemoryLayout<sockaddr_un>.size - room + name.count + (isAbstract ? 0 : 1)
    let made = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard made >= 0 else { return nil }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(made, $0, socklen_t(length))
      }
    }
    guard result == 0 else {
      close(made)
      return nil
    }
    descriptor = made
  }

  deinit { close(descriptor) }

  /// Sends one datagram. Does not wait for room unless told to; `false` when it was not taken.
  func send(_ bytes: [UInt8], waits: Bool = false) -> Bool {
    let flags = Int32(MSG_NOSIGNAL) | (waits ? 0 : Int32(MSG_DONTWAIT))
    let sent = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
    return sent == bytes.count
  }
}
