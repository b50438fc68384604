import Glibc

/// A socket in the file system: made with its final mode, and removed only while it is still ours.
struct SocketFile: Sendable {
  let path: String
  private let device: UInt64
  private let inode: UInt64

  /// Binds and listens. Replaces a socket that nobody listens at; refuses to touch anything else.
  ///
  /// The mode is set on the descriptor before it is bound, so at no instant is the file more open than asked for.
  static func listen(
    path: String, mode: UInt32, groupID: UInt32?, backlog: Int32
  ) throws(VarlinkServerError) -> (file: SocketFile, descriptor: Int32) {
    try clear(path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(call: "socket", path: path, errno: errno) }
    do throws(VarlinkServerError) {
      guard fchmod(descriptor, mode) == 0 else { throw failure("fchmod", path) }
      guard try unsafe UnixAddress.call(path, { unsafe bind(descriptor, $0, $1) }) == 0 else {
        throw errno == EADDRINUSE ? VarlinkServerError.addressInUse(path: path) : failure("bind", path)
      }
      // The umask may have taken bits away; give them back, and the group.
      guard unsafe chmod(path, mode) == 0 else { throw failure("chmod", path) }
      if let groupID {
        guard unsafe chown(path, uid_t.max, groupID) == 0 else { throw failure("chown", path) }
      }
      guard Glibc.listen(descriptor, backlog) == 0 else { throw failure("listen", path) }
      guard let status = status(of: path) else { throw failure("stat", path) }
      return (SocketFile(path: path, device: UInt64(status.st_dev), inode: UInt64(status.st_ino)), descriptor)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// Removes the file unless another server has put its own there since.
  func remove() {
    guard let status = Self.status(of: path), status.st_dev == device, status.st_ino == inode else { return }
    _ = unsafe unlink(path)
  }

  private static func clear(_ path: String) throws(VarlinkServerError) {
    guard let status = status(of: path) else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw .system(call: "socket", path: path, errno: errno) }
    defer { Glibc.close(probe) }
    // Non-blocking, so that a live server with a full queue counts as live instead of making us wait.
    _ = fcntl(probe, F_SETFL, O_NONBLOCK)
    let result = try unsafe UnixAddress.call(path) { unsafe connect(probe, $0, $1) }
    guard result != 0 && errno == ECONNREFUSED else { throw .addressInUse(path: path) }
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("unlink", path) }
  }

  private static func status(of path: String) -> stat? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status : nil
  }

  private static func failure(_ call: String, _ path: String) -> VarlinkServerError {
    .system(call: call, path: path, errno: errno)
  }
}
