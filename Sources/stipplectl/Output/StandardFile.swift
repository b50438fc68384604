import Glibc

/// Unbuffered writing to the descriptors the program was started with.
enum StandardFile {
  /// Writes all of it. When nobody reads any more (`stipplectl … | head`), the program ends quietly.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        exit(ExitStatus.failure.rawValue)
      }
      bytes = bytes.dropFirst(written)
    }
  }
}
