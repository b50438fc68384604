internal import CLinux
internal import Glibc

/// A file descriptor with one owner: it closes when the owner goes, and cannot be closed twice or used afterwards.
public struct OwnedDescriptor: ~Copyable, Sendable {
  /// The number, valid as long as this value lives.
  public let rawValue: Int32

  /// Takes over a descriptor that nobody else closes.
  public init(adopting rawValue: Int32) { self.rawValue = rawValue }

  /// `open(2)` of something that exists, closed on exec.
  public init(path: String, flags: Int32) throws(Errno) {
    let result = unsafe stipple_open(path, flags)
    guard result >= 0 else { throw Errno(result: result) }
    self.init(adopting: result)
  }

  /// `close(2)`, with what it says: on some devices only close reports a failed write. The descriptor is gone either way.
  public consuming func close() throws(Errno) {
    let descriptor = release()
    guard Glibc.close(descriptor) == 0 else { throw Errno(code: errno) }
  }

  /// Gives up ownership: the caller closes.
  public consuming func release() -> Int32 {
    let descriptor = rawValue
    discard self
    return descriptor
  }

  deinit {
    // Nobody is left to tell; what matters is closed with `close()`.
    _ = Glibc.close(rawValue)
  }
}
