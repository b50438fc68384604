import Glibc

/// A file written piece by piece beside its name and moved in place at the end, so that nobody takes half of it for the whole.
final class ExportFile {
  private let path: String
  private let descriptor: Int32
  private(set) var bytes = 0
  private var draft: String { path + ".draft" }

  init(_ path: String) throws(Trouble) {
    self.path = path
    descriptor = unsafe open(path + ".draft", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.trouble(path, errno) }
  }

  deinit { close(descriptor) }

  func write(_ piece: [UInt8]) throws(Trouble) {
    var left = piece[...]
    while !left.isEmpty {
      let written = unsafe left.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw Self.trouble(path, errno) }
      left = left.dropFirst(written)
      bytes += written
    }
  }

  func finish() throws(Trouble) {
    guard fsync(descriptor) == 0, unsafe rename(draft, path) == 0 else { throw Self.trouble(path, errno) }
  }

  func abandon() { unsafe unlink(draft) }

  private static func trouble(_ path: String, _ code: Int32) -> Trouble {
    Trouble(
      status: .failure, headline: "cannot write \(path): \(unsafe String(cString: strerror(code)))",
      advice: ["Check the name, the folder, its permissions and the room on the disk."])
  }
}
