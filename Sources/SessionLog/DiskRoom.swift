import Glibc

/// Room on the file system of a folder or a file: `statvfs(3)`.
public struct DiskRoom: Hashable, Sendable {
  /// Bytes that an unprivileged process may still fill.
  public var free: UInt64
  /// Bytes altogether.
  public var size: UInt64

  public init(free: UInt64, size: UInt64) {
    self.free = free
    self.size = size
  }

  /// Throws ``SessionLogError`` where there is nothing at the path.
  public static func of(_ path: String) throws(SessionLogError) -> DiskRoom {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0 else {
      throw .system(operation: "statvfs", path: path, code: errno)
    }
    let block = UInt64(status.f_frsize)
    return DiskRoom(free: UInt64(status.f_bavail) * block, size: UInt64(status.f_blocks) * block)
  }
}
