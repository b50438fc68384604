import Glibc

/// Unbuffered writing to the descriptors the program was started with.
enum StandardFile {
  /// Writes all of it. When nobody reads any more (`stipplectl … | head`), the program ends quietly; when the disk is full, say, it ends
  /// with a word about it.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        let cause = errno
        if descriptor != STDERR_FILENO, cause != EPIPE {
          write(
            "stipplectl: cannot write its output: \(unsafe String(cString: strerror(cause))).\n",
            to: STDERR_FILENO)
        }
        exit(ExitStatus.failure.rawValue)
      }
      bytes = bytes.dropFirst(written)
    }
  }
}
