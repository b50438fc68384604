import Glibc
import Synchronization

/// A file that only grows, one owner. Every write is whole or undone.
final class AppendFile: Sendable {
  private let descriptor: Int32
  let path: String
  /// After a failed sync the kernel may drop the pages and call the next sync a success, so no later one is believed.
  private let syncFailed = Atomic(false)

  /// Creates a file that must not exist yet: `open(2)` with O_CREAT and O_EXCL, readable by owner and group.
  init(creating path: String, replacing: Bool = false) throws(SessionLogError) {
    let flags = O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL)
    let ownerWritesGroupReads: mode_t = 0o640
    descriptor = unsafe open(path, flags, ownerWritesGroupReads)
    guard descriptor >= 0 else { throw .system(operation: "creation", path: path, code: errno) }
    self.path = path
  }

  deinit { close(descriptor) }

  /// Appends everything or, on an error, nothing: a piece that got through before the disk was full is cut off again, so that
  /// the same bytes can be tried again. `length` is the file's length before.
  func append(_ bytes: Span<UInt8>, after length: UInt64) throws(SessionLogError) {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { source in
        unsafe write(descriptor, source.baseAddress?.advanced(by: done), source.count - done)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let code = written < 0 ? errno : EIO
        // A failed cut leaves a torn chunk, which readers skip; the write's own error is the one to tell.
        _ = ftruncate(descriptor, Int(length))
        throw .system(operation: "write", path: path, code: code)
      }
      done += written
    }
  }

  /// `fdatasync(2)`: returns when the disk has the bytes.
  func synchronise() throws(SessionLogError) {
    guard !syncFailed.load(ordering: .relaxed) else {
      throw .system(operation: "sync", path: path, code: EIO)
    }
    while fdatasync(descriptor) != 0 {
      let code = errno
      guard code == EINTR else {
        syncFailed.store(true, ordering: .relaxed)
        throw .system(operation: "sync", path: path, code: code)
      }
    }
  }

  /// Makes the file `bytes` long and takes the room for it: `posix_fallocate(3)`. For ballast, never for a record.
  func allocate(_ bytes: UInt64) throws(SessionLogError) {
    let code = posix_fallocate(descriptor, 0, Int(clamping: bytes))
    switch code {
    case 0: return
    case ENOSPC, EDQUOT, EFBIG:
      throw .noRoom(path: path, needed: bytes, available: (try? DiskRoom.of(path))?.free ?? 0)
    default: throw .system(operation: "reservation", path: path, code: code)
    }
  }
}
