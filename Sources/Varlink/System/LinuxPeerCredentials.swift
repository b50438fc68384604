import Glibc

/// Reads a peer's credentials on Linux: `SO_PEERCRED` and `SO_PEERGROUPS` (unix(7), socket(7)).
public enum LinuxPeerCredentials {
  /// More supplementary groups than this are not read: NGROUPS_MAX of Linux is 65,536, real users have a few dozen.
  static let groupLimit = 65_536
  /// `SO_PEERGROUPS` of asm-generic/socket.h, which the C library's headers do not always carry.
  private static let peerGroupsOption: Int32 = 59

  /// A ``PeerReader``. Throws ``VarlinkServerError/system(call:path:errno:)`` when the kernel does not say.
  public static func read(_ descriptor: Int32) throws -> Peer {
    // struct ucred: pid, uid, gid, 32 bits each.
    var credentials: [UInt32] = [0, 0, 0]
    var length = socklen_t(credentials.count * MemoryLayout<UInt32>.stride)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
      throw VarlinkServerError.system(call: "getsockopt SO_PEERCRED", path: "a connection", errno: errno)
    }
    return Peer(
      userID: credentials[1], groupID: credentials[2], processID: Int32(bitPattern: credentials[0]),
      supplementaryGroupIDs: try groups(descriptor))
  }

  private static func groups(_ descriptor: Int32) throws -> [UInt32] {
    var groups = [UInt32](repeating: 0, count: 64)
    while groups.count <= groupLimit {
      var length = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
      if unsafe getsockopt(descriptor, SOL_SOCKET, peerGroupsOption, &groups, &length) == 0 {
        return Array(groups.prefix(Int(length) / MemoryLayout<UInt32>.stride))
      }
      guard errno == ERANGE else { break }
      groups = [UInt32](repeating: 0, count: groups.count * 4)
    }
    throw VarlinkServerError.system(call: "getsockopt SO_PEERGROUPS", path: "a connection", errno: errno)
  }
}
