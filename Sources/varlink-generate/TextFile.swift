import Glibc

/// Whole text files, through the C library: the generator needs nothing more.
enum TextFile {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// A definition may have 1 MiB; a little more is read so that the parser can say it is too long.
  private static let readLimit = (1 << 20) + 1

  static func read(_ path: String) throws(Failure) -> String {
    guard let file = unsafe fopen(path, "r") else { throw Failure(description: "\(path): cannot be read") }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: readLimit)
    let count = unsafe fread(&bytes, 1, readLimit, file)
    guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
      throw Failure(description: "\(path): not UTF-8")
    }
    return text
  }

  static func write(_ text: String, to path: String) throws(Failure) {
    guard let file = unsafe fopen(path, "w") else { throw Failure(description: "\(path): cannot be written") }
    let bytes = Array(text.utf8)
    let count = unsafe fwrite(bytes, 1, bytes.count, file)
    guard unsafe fclose(file) == 0, count == bytes.count else {
      throw Failure(description: "\(path): cannot be written whole")
    }
  }

  static func complain(_ message: String) {
    let bytes = Array((message + "\n").utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
