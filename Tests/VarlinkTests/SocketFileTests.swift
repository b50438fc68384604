import Glibc
import Testing

@testable import Varlink

@Suite(.timeLimit(.minutes(1))) struct SocketFileTests {
  private func server() throws -> VarlinkServer {
    try VarlinkServer(ServiceInformation(vendor: "v", product: "p", version: "1", url: "u"), interfaces: [])
  }

  private func mode(_ path: String) -> UInt32? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
  }

  @Test func theSocketHasItsModeAndIsRemovedOnClose() async throws {
    let path = TestServer.path()
    let server = try server()
    try await server.start(at: .path(path, mode: 0o666))
    #expect(mode(path) == 0o666)
    await server.close()
    #expect(mode(path) == nil)
  }

  @Test func aLiveServerIsNotReplaced() async throws {
    let path = TestServer.path()
    let first = try server()
    try await first.start(at: .path(path))
    await #expect(throws: VarlinkServerError.addressInUse(path: path)) {
      try await self.server().start(at: .path(path))
    }
    let connection = try await VarlinkConnection.connect(to: path)
    #expect(try await connection.call("org.varlink.service.GetInfo")["vendor"] == "v")
    await first.close()
  }

  @Test func aStaleSocketIsReplacedAndAFileIsNot() async throws {
    let path = TestServer.path()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    close(descriptor)
    let stale = try server()
    try await stale.start(at: .path(path))
    await stale.close()

    close(unsafe open(path, O_CREAT | O_WRONLY, 0o600))
    await #expect(throws: VarlinkServerError.notASocket(path: path)) {
      try await self.server().start(at: .path(path))
    }
    #expect(mode(path) == 0o600)
    _ = unsafe unlink(path)
  }

  @Test func aPathTooLongIsAnErrorThatSaysSo() async throws {
    let path = "/tmp/" + String(repeating: "x", count: 120)
    await #expect(throws: VarlinkServerError.pathTooLong(path: path)) {
      try await self.server().start(at: .path(path))
    }
  }

  @Test func aClientLearnsThatNobodyListens() async throws {
    let error = await #expect(throws: VarlinkClientError.self) {
      try await VarlinkConnection.connect(to: "/tmp/none.\(getpid())", hint: "is the service running?")
    }
    #expect(error?.description == "nobody listens at /tmp/none.\(getpid()): is the service running?")
  }

  @Test func whoFindsTheQueueFullWaitsForItsTurn() async throws {
    let path = TestServer.path()
    // The kernel lets one more wait than the backlog says.
    let (file, listener) = try SocketFile.listen(path: path, mode: 0o600, groupID: nil, backlog: 0)
    defer {
      file.remove()
      close(listener)
    }
    let first = try RawClient(path)
    await #expect(
      throws: VarlinkClientError.cannotConnect(
        path: path, reason: "the service has let nobody in for 0.05 seconds: it hangs, or too many ask")
    ) {
      try await VarlinkConnection.connect(to: path, timeout: .milliseconds(50))
    }
    let waiting = Task { try await VarlinkConnection.connect(to: path, timeout: .seconds(20)) }
    let accepted = accept(listener, nil, nil)
    #expect(accepted >= 0)
    let connection = try await waiting.value
    await connection.close()
    close(accepted)
    withExtendedLifetime(first) {}
  }

  @Test func aPeerIsKnownByItsCredentials() throws {
    var pair: [Int32] = [0, 0]
    #expect(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    defer { for descriptor in pair { close(descriptor) } }
    let peer = try LinuxPeerCredentials.read(pair[0])
    #expect(peer.userID == getuid() && peer.groupID == getgid() && peer.processID == getpid())
    #expect(peer.isMember(ofGroup: getgid()))
    let count = getgroups(0, nil)
    #expect(peer.supplementaryGroupIDs.count == Int(count))
  }
}
