internal import CLinux

/// Who is at the other end of a unix socket, as the kernel recorded it when they connected (SO_PEERCRED, SO_PEERGROUPS).
public struct PeerCredentials: Equatable, Sendable {
  public var userID: UInt32
  /// The primary group.
  public var groupID: UInt32
  public var processID: Int32
  /// All groups: supplementary and primary. The kernel's own list omits the primary one.
  public var groups: Set<UInt32>

  public init(userID: UInt32, groupID: UInt32, processID: Int32, groups: Set<UInt32>) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
    self.groups = groups
  }

  /// Reads them from an accepted descriptor. Throws ENOTCONN without a peer and ERANGE with more than 255 groups.
  public init(descriptor: Int32) throws(Errno) {
    let peer = UnsafeMutablePointer<stipple_peer>.allocate(capacity: 1)
    defer { unsafe peer.deallocate() }
    unsafe peer.initialize(to: stipple_peer())
    let result = unsafe stipple_peer(descriptor, peer)
    guard result == 0 else { throw Errno(result: result) }
    let count = Int(unsafe peer.pointee.group_count)
    let groups = unsafe withUnsafeBytes(of: &peer.pointee.groups) { bytes in
      unsafe Set(bytes.bindMemory(to: UInt32.self).prefix(count))
    }
    unsafe self.init(
      userID: peer.pointee.uid, groupID: peer.pointee.gid, processID: peer.pointee.pid, groups: groups)
  }
}
