/// Who is at the other end of a connection, as the kernel says; fixed when the connection was made.
public struct Peer: Hashable, Sendable {
  public var userID: UInt32
  /// The primary group; the kernel does not repeat it among the supplementary ones.
  public var groupID: UInt32
  public var processID: Int32
  public var supplementaryGroupIDs: [UInt32]

  public init(userID: UInt32, groupID: UInt32, processID: Int32, supplementaryGroupIDs: [UInt32]) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
    self.supplementaryGroupIDs = supplementaryGroupIDs
  }

  /// Whether the peer is in a group, by either way of being in one.
  public func isMember(ofGroup group: UInt32) -> Bool {
    groupID == group || supplementaryGroupIDs.contains(group)
  }
}

/// Reads the peer off an accepted descriptor. Throwing refuses the connection.
public typealias PeerReader = @Sendable (_ descriptor: Int32) throws -> Peer
