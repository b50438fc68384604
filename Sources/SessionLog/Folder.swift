import Glibc

/// What is done to names rather than to bytes.
enum Folder {
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// `rename(2)`: the new name shows either the old file or the whole new one.
  static func rename(_ from: String, to path: String) throws(SessionLogError) {
    guard unsafe Glibc.rename(from, path) == 0 else {
      throw .system(operation: "rename", path: from, code: errno)
    }
  }

  /// Removes a file; one that is not there is fine.
  static func remove(_ path: String) throws(SessionLogError) {
    guard unsafe unlink(path) != 0, errno != ENOENT else { return }
    throw .system(operation: "removal", path: path, code: errno)
  }

  /// Makes names durable: `fsync(2)` on the folder.
  static func synchronise(_ path: String) throws(SessionLogError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system(operation: "sync", path: path, code: errno) }
  }
}
