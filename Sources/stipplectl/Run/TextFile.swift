import Glibc

/// Files that people name on the command line.
enum TextFile {
  /// A profile has a few hundred bytes; what is beyond this is something else.
  static let longest = 1 << 20

  /// The file's text; `-` reads the input.
  static func read(_ path: String) throws(Trouble) -> String {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw trouble("read", path, errno) }
    defer { if path != "-" { close(descriptor) } }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw trouble("read", path, errno) }
      if count == 0 { break }
      text.append(contentsOf: buffer[..<count])
      guard text.count <= longest else {
        throw Trouble(status: .invalidValue, headline: "cannot read \(path): it is longer than 1 MiB")
      }
    }
    guard let text = String(validating: text, as: UTF8.self) else {
      throw Trouble(status: .invalidValue, headline: "cannot read \(path): it is not UTF-8 text")
    }
    return text
  }

  /// Writes beside the file and moves it in place, so that nobody sees half of it.
  static func write(_ pieces: [String], to path: String, mode: mode_t = 0o644) throws(Trouble) {
    let draft = path + ".draft"
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw trouble("write", path, errno) }
    var failure: Int32 = 0
    for piece in pieces where failure == 0 { failure = append(piece, to: descriptor) }
    if failure == 0, fsync(descriptor) != 0 { failure = errno }
    close(descriptor)
    if failure == 0, unsafe rename(draft, path) != 0 { failure = errno }
    if failure != 0 {
      unsafe unlink(draft)
      throw trouble("write", path, failure)
    }
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// 0, or errno.
  private static func append(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      bytes = bytes.dropFirst(written)
    }
    return 0
  }

  private static func trouble(_ deed: String, _ path: String, _ code: Int32) -> Trouble {
    Trouble(
      status: code == ENOENT ? .notFound : .failure,
      headline: "cannot \(deed) \(path): \(unsafe String(cString: strerror(code)))",
      advice: ["Check the name, the folder and its permissions."])
  }
}
