import Glibc

/// A named pipe through which a test commands the handpiece, one line each.
struct CommandPipe: ~Copyable {
  let descriptor: CInt
  private var pending: [UInt8] = []

  /// A line longer than this is thrown away.
  private static var longestLine: Int { 256 }

  /// Makes the pipe when it is missing; `nil` when it cannot be made or opened.
  init?(path: String) {
    unsafe _ = mkfifo(path, 0o600)
    // Open for writing too, so that the pipe never ends when a writer leaves.
    let descriptor = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The whole lines that came in.
  mutating func takeLines() -> [String] {
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 { pending += buffer[0..<count] }
    var lines: [String] = []
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: pending[0..<end], as: UTF8.self))
      pending.removeSubrange(0...end)
    }
    if pending.count > Self.longestLine { pending.removeAll() }
    return lines
  }
}
