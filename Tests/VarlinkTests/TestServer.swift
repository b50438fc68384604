import Glibc
import Synchronization
import Varlink

/// A server on a socket in a folder of its own, and ways to reach it.
struct TestServer {
  let service = TestService()
  let server: VarlinkServer
  let path: String

  static func path() -> String { "/tmp/varlink-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))" }

  init(_ configuration: ServerConfiguration = ServerConfiguration(), userID: UInt32? = nil) async throws {
    path = Self.path()
    let service = service
    server = try VarlinkServer(
      ServiceInformation(vendor: "v", product: "p", version: "1", url: "u"), interfaces: [service],
      configuration: configuration,
      report: { method, fault in service.faults.withLock { $0.append("\(method): \(fault)") } })
    try await server.start(at: .path(path, mode: 0o600))
  }

  func connect() async throws -> VarlinkConnection { try await VarlinkConnection.connect(to: path) }

  func close() async {
    service.release.publish(true)
    await server.close()
  }

  /// Runs the body with a server, and closes it whatever happens.
  static func with(
    _ configuration: ServerConfiguration = ServerConfiguration(),
    _ body: (TestServer) async throws -> Void
  ) async throws {
    let server = try await TestServer(configuration)
    do {
      try await body(server)
    } catch {
      await server.close()
      throw error
    }
    await server.close()
  }
}
