import Glibc
import Synchronization
import Testing
import Varlink
import VarlinkCertification

@Suite(.timeLimit(.minutes(1))) struct ServerTests {
  @Test func theCertificationInterfacePassesFromEndToEnd() async throws {
    let path = TestServer.path()
    let server = try VarlinkServer(
      ServiceInformation(vendor: "v", product: "p", version: "1", url: "u"),
      interfaces: [Certification.Service(CertificationService())])
    try await server.start(at: .path(path))
    let connection = try await VarlinkConnection.connect(to: path)
    #expect(try await CertificationClient.run(connection))
    await #expect(throws: Certification.ClientIdError()) {
      try await Certification.Client(connection).test01(.init(clientId: "none"))
    }
    await server.close()
  }

  @Test func theServiceDescribesItself() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      let info = try await connection.call("org.varlink.service.GetInfo")
      #expect(info["interfaces"] == ["org.varlink.service", "org.example.test"])
      let reply = try await connection.call(
        "org.varlink.service.GetInterfaceDescription", ["interface": "org.example.test"])
      #expect(reply["description"] == .string(server.service.definitionText))
    }
  }

  @Test func eachStandardErrorIsAnsweredAndTheConnectionSurvives() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      let cases: [(String, JSONObject, ServiceError)] = [
        ("org.example.none.Echo", [:], .interfaceNotFound(interface: "org.example.none")),
        ("org.example.test.None", [:], .methodNotFound(method: "org.example.test.None")),
        ("Echo", [:], .invalidParameter(parameter: "method")),
        ("org.example.test.Echo", ["text": 1], .invalidParameter(parameter: "text")),
        ("org.example.test.Echo", [:], .invalidParameter(parameter: "text")),
        ("org.example.test.Echo", ["text": "a", "txet": "b"], .invalidParameter(parameter: "txet")),
        ("org.example.test.Count", ["to": 3], .expectedMore),
        ("org.example.test.Count", ["to": 1], .expectedMore),
        (
          "org.varlink.service.GetInterfaceDescription", ["interface": "a.b"],
          .interfaceNotFound(interface: "a.b")
        ),
      ]
      for (method, parameters, expected) in cases {
        await #expect(throws: expected) { try await connection.call(method, parameters) }
      }
      let upgrade = CallMessage(method: "org.example.test.Echo", parameters: ["text": "a"], upgrade: true)
      await #expect(throws: ServiceError.methodNotImplemented(method: "org.example.test.Echo")) {
        try await connection.stream(upgrade, timeout: .seconds(5)).next()
      }
      #expect(
        try await connection.call("org.example.test.Echo", ["text": "still here"])["text"] == "still here")
    }
  }

  @Test func aHandlerCannotAnswerWhatItsDefinitionLacks() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      for how in ["type", "field", "error", "parameters", "foreign"] {
        await #expect(throws: ServiceError.methodNotImplemented(method: "org.example.test.Lie")) {
          try await connection.call("org.example.test.Lie", ["how": .string(how)])
        }
      }
      #expect(server.service.faults.withLock(\.count) == 5)
      await #expect(
        throws: RemoteError(errorName: "org.example.test.Refused", errorParameters: ["why": "so"])
      ) {
        try await connection.call("org.example.test.Lie", ["how": "defined"])
      }
      #expect(server.service.faults.withLock(\.count) == 5)
    }
  }

  @Test func pipelinedCallsAreAnsweredInOrder() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server.path)
      var sent = ""
      for number in 0..<200 {
        let filler = number % 7 == 0 ? String(repeating: "x", count: 6_000) : ""
        sent += "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"\(number)\(filler)\"}}\u{0}"
        if number % 5 == 0 { sent += "{\"method\":\"org.example.test.None\"}\u{0}" }
        if number % 3 == 0 {
          sent +=
            "{\"method\":\"org.example.test.Echo\",\"parameters\":{\"text\":\"no\"},\"oneway\":true}\u{0}"
        }
      }
      try await client.send(sent)
      for number in 0..<200 {
        let text = try #require(try await client.receive()?["parameters"]?["text"]?.string)
        #expect(text.filter(\.isNumber) == "\(number)")
        if number % 5 == 0 { #expect(try await client.error() == "org.varlink.service.MethodNotFound") }
      }
    }
  }

  @Test func malformedMessagesAreAnsweredAndTheConnectionSurvives() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server.path)
      for text in ["", "{", "[]", "{\"method\":1}", "{\"a\":1,\"a\":2}", "{\"method\":\"a.B\",\"more\":1}"] {
        try await client.send(text + "\u{0}")
        #expect(try await client.error() == "org.varlink.service.InvalidParameter")
      }
      try await client.call("org.example.test.Echo", ["text": "ok"])
      #expect(try await client.receive()?["parameters"]?["text"] == "ok")
    }
  }

  @Test func aMessageBeyondTheLimitIsRefusedAndTheConnectionClosed() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server.path)
      try await client.send(String(repeating: "x", count: 3 << 20))
      #expect(try await client.error() == "org.varlink.service.InvalidParameter")
      #expect(try await client.receive() == nil)
      let other = try await server.connect()
      #expect(try await other.call("org.example.test.Echo", ["text": "ok"])["text"] == "ok")
    }
  }

  @Test func aClientThatEndsItsInputStillGetsItsReplies() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Echo", ["text": "last"])
      client.endInput()
      #expect(try await client.receive()?["parameters"]?["text"] == "last")
      #expect(try await client.receive() == nil)
    }
  }

  @Test func aCallThatOutlivesItsConnectionCanTell() async throws {
    try await TestServer.with { server in
      let service = server.service
      do {
        let client = try RawClient(server.path)
        try await client.call("org.example.test.Wait")
        while service.presences.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(1)) }
        withExtendedLifetime(client) {}
      }
      while service.closed.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(1)) }
      service.release.publish(true)
      while service.presences.withLock(\.count) < 2 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(service.presences.withLock(\.self) == [true, false])
    }
  }

  @Test func aDescriptorHandedOverIsServed() async throws {
    let path = TestServer.path()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    await #expect(throws: VarlinkServerError.notListening(descriptor: descriptor)) {
      try await self.server().start(at: .inherited(descriptor: descriptor))
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0 && listen(descriptor, 8) == 0)
    let server = try server()
    try await server.start(at: .inherited(descriptor: descriptor))
    let connection = try await VarlinkConnection.connect(to: path)
    #expect(try await connection.call("org.varlink.service.GetInfo")["vendor"] == "v")
    await server.close()
    #expect(unsafe access(path, F_OK) == 0, "a socket that systemd made is not ours to remove")
    _ = unsafe unlink(path)
  }

  private func server() throws -> VarlinkServer {
    try VarlinkServer(ServiceInformation(vendor: "v", product: "p", version: "1", url: "u"), interfaces: [])
  }
}
