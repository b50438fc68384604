import Glibc

/// A datagram socket of the test's own: what a service manager or a journal would receive.
final class Listener {
  let path: String
  private let descriptor: Int32

  /// Listens at a fresh path, or at an abstract name with `isAbstract`.
  init?(isAbstract: Bool = false) {
    let name = "stipple-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    path = isAbstract ? "@\(name)" : "/tmp/\(name)"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
      for (index, byte) in bytes.enumerated() { unsafe place[index] = byte }
      if isAbstract { unsafe place[0] = 0 }
    }
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
    }
    guard bound == 0 else { return nil }
  }

  deinit {
    close(descriptor)
    if !path.hasPrefix("@") { unsafe unlink(path) }
  }

  /// The next datagram that is there; `nil` when there is none.
  func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : Array(buffer[..<count])
  }

  var nextText: String? { next().map { String(decoding: $0, as: UTF8.self) } }
}
