import Glibc

/// A file opened for reading; its length is what it was when opened, so that a file still growing is read as a snapshot.
public final class MCAPFile: MCAPSource, Sendable {
  private let descriptor: Int32
  public let path: String
  public let byteCount: UInt64

  /// Opens with `open(2)`, O_RDONLY; throws `.system` with errno.
  public init(path: String) throws(MCAPError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(operation: "stat", path: path, code: code)
    }
    self.descriptor = descriptor
    self.path = path
    byteCount = UInt64(max(0, status.st_size))
  }

  deinit { close(descriptor) }

  public func read(_ range: Range<UInt64>, into buffer: inout [UInt8]) throws(MCAPError) {
    guard range.upperBound <= byteCount else {
      throw .truncated(
        offset: range.lowerBound, needed: UInt64(range.count),
        available: byteCount - min(byteCount, range.lowerBound))
    }
    let count = range.count
    if buffer.count < count { buffer.append(contentsOf: repeatElement(0, count: count - buffer.count)) }
    if buffer.count > count { buffer.removeLast(buffer.count - count) }
    var done = 0
    while done < count {
      let got = unsafe buffer.withUnsafeMutableBytes { target in
        unsafe pread(
          descriptor, target.baseAddress?.advanced(by: done), count - done, Int(range.lowerBound) + done)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .system(operation: "read", path: path, code: errno) }
      guard got > 0 else {
        throw .truncated(offset: range.lowerBound, needed: UInt64(count), available: UInt64(done))
      }
      done += got
    }
  }
}
