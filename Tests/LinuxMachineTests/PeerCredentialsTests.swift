import Glibc
import LinuxMachine
import Testing

@Suite struct PeerCredentialsTests {
  @Test func thePeerIsKnownWithAllItsGroupsThePrimaryIncluded() throws {
    var ends: [Int32] = [-1, -1]
    let stream = Int32(SOCK_STREAM.rawValue)
    let made = unsafe socketpair(AF_UNIX, stream, 0, &ends)
    #expect(made == 0)
    let peer = try PeerCredentials(descriptor: ends[0])
    #expect(peer.userID == geteuid())
    #expect(peer.groupID == getegid())
    #expect(peer.processID == getpid())
    var groups = [gid_t](repeating: 0, count: 256)
    let count = unsafe getgroups(256, &groups)
    #expect(peer.groups == Set(groups.prefix(Int(count))).union([getegid()]))
    for end in ends { close(end) }
  }

  @Test func whatIsNoSocketHasNoPeer() throws {
    let file = try OwnedDescriptor(path: "/dev/null", flags: O_RDONLY)
    let number = file.rawValue
    #expect(throws: Errno(code: ENOTSOCK)) { try PeerCredentials(descriptor: number) }
    try file.close()
  }
}
