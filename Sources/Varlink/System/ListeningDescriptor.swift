import Glibc

/// A listening socket that somebody else made: socket activation.
enum ListeningDescriptor {
  /// Throws unless the descriptor is a listening socket (`SO_ACCEPTCONN`). Sets close-on-exec.
  static func check(_ descriptor: Int32) throws(VarlinkServerError) {
    var isListening: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length)
    guard result == 0, isListening == 1 else { throw .notListening(descriptor: descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }
}
