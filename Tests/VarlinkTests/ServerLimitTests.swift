import Synchronization
import Testing

@testable import Varlink

@Suite(.timeLimit(.minutes(1))) struct ServerLimitTests {
  @Test func admissionKeepsPlacesForUrgentCalls() {
    var admission = ConnectionAdmission(ServerConfiguration())
    for _ in 0..<16 { #expect(admission.admit(userID: 1) == .regular) }
    #expect(admission.admit(userID: 1) == .reserved)
    #expect(admission.admit(userID: 1) == .reserved)
    #expect(admission.admit(userID: 1) == .refused)
    for user in UInt32(2)...3 { for _ in 0..<16 { #expect(admission.admit(userID: user) == .regular) } }
    for _ in 0..<12 { #expect(admission.admit(userID: 4) == .regular) }
    #expect(admission.admit(userID: 5) == .reserved, "60 of 64 are taken")
    #expect(admission.admit(userID: 6) == .reserved)
    #expect(admission.admit(userID: 7) == .refused)
    admission.release(userID: 4, .regular)
    #expect(admission.admit(userID: 7) == .regular)
    admission.release(userID: 1, .reserved)
    #expect(admission.admit(userID: 7) == .reserved)
  }

  @Test func stopIsCarriedOutWhileItsOwnConnectionIsBusy() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Wait")
      try await client.call("org.example.test.Stop")
      let other = try RawClient(server.path)
      try await other.call("org.example.test.Stop")
      let order = try #require(try await other.receive()?["parameters"]?["order"]?.integer)
      #expect(order <= 2)
      server.service.release.publish(true)
      #expect(try await client.receive()?["parameters"] == [:], "the call made first is answered first")
      #expect(try await client.receive()?["parameters"]?["order"] == .integer(3 - order))
    }
  }

  @Test func aUserWithAllItsConnectionsInUseCanStillStop() async throws {
    try await TestServer.with { server in
      var held: [RawClient] = []
      for _ in 0..<16 {
        let client = try RawClient(server.path)
        try await client.call("org.example.test.Wait")
        held.append(client)
      }
      for _ in 0..<8 {
        let client = try RawClient(server.path)
        try await client.call("org.example.test.Stop")
        #expect(try await client.receive()?["parameters"]?["order"] != nil)
      }
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Echo", ["text": "a"])
      #expect(try await client.error() == "org.varlink.service.PermissionDenied")
      #expect(try await client.receive() == nil)
    }
  }

  @Test func whoeverIsTurnedAwayIsHeardOut() async throws {
    var configuration = ServerConfiguration()
    configuration.maximumConnections = 1
    configuration.reservedConnections = 0
    try await TestServer.with(configuration) { server in
      let held = try RawClient(server.path)
      try await held.call("org.example.test.Echo", ["text": "a"])
      #expect(try await held.receive() != nil)
      // The call has to be there when the connection is looked at, so whoever means it tries again.
      var answer: JSONValue?
      for _ in 0..<1_000 where answer == nil {
        let client = try RawClient(server.path)
        try await client.call("org.example.test.Stop")
        answer = try await client.receive()
      }
      #expect(answer?["parameters"]?["order"] == .integer(Int64(server.service.stops.withLock { $0 })))
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Echo", ["text": "a"])
      #expect(try await client.receive() == nil, "what is not urgent needs a connection")
    }
  }

  @Test func messagesSentAtOnceAreTakenInTurnsAndAllAnswered() async throws {
    try await TestServer.with { server in
      let flooder = try RawClient(server.path)
      let count = 3_000
      try await flooder.send(String(repeating: "\u{0}", count: count))
      let other = try await server.connect()
      #expect(try await other.call("org.example.test.Echo", ["text": "a"])["text"] == "a")
      for _ in 0..<count {
        #expect(try await flooder.error() == "org.varlink.service.InvalidParameter")
      }
      #expect(try #require(await server.server.statistics()).messages == count + 1)
    }
  }

  @Test func anUrgentCallEndsItsConnectionsTurn() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server.path)
      let stop = "{\"method\":\"org.example.test.Stop\"}\u{0}"
      try await client.send(String(repeating: stop, count: 50))
      for order in 1...50 {
        #expect(try await client.receive()?["parameters"]?["order"] == .integer(Int64(order)))
      }
    }
  }

  @Test func whatWasTurnedAwayAndCutIsCounted() async throws {
    var configuration = ServerConfiguration()
    configuration.maximumConnections = 2
    configuration.reservedConnections = 0
    try await TestServer.with(configuration) { server in
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Echo", ["text": "a"])
      #expect(try await client.receive() != nil)
      let half = try RawClient(server.path)
      let third = try RawClient(server.path)
      let answer = try await third.receive()
      #expect(answer == nil)
      try await half.send(String(repeating: "x", count: 2 << 20))
      let error = try await half.error()
      #expect(error == "org.varlink.service.InvalidParameter")
      let statistics = try #require(await server.server.statistics())
      #expect(statistics.accepted == 2 && statistics.refused == 1 && statistics.cut == 1)
      #expect(statistics.messages == 1)
    }
  }

  @Test func aHandlerThatOutlivesItsServerDoesNoHarm() async throws {
    var configuration = ServerConfiguration()
    configuration.closeTimeout = .milliseconds(50)
    let server = try await TestServer(configuration)
    let client = try RawClient(server.path)
    try await client.call("org.example.test.Wait")
    try await client.call("org.example.test.Stop")
    while server.service.stops.withLock({ $0 }) == 0 { await Task.yield() }
    await server.server.close()
    let answer = try await client.receive()
    #expect(answer == nil)
    server.service.release.publish(true)
  }

  @Test func aReservedConnectionThatSaysNothingIsCut() async throws {
    try await TestServer.with { server in
      var held: [RawClient] = []
      for _ in 0..<16 { held.append(try RawClient(server.path)) }
      #expect(try await RawClient(server.path).receive() == nil)
    }
  }

  @Test func anIdleConnectionIsCut() async throws {
    var configuration = ServerConfiguration()
    // Long enough for the call on a busy host: only silence after it is to be cut.
    configuration.idleTimeout = .milliseconds(500)
    try await TestServer.with(configuration) { server in
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Echo", ["text": "a"])
      #expect(try await client.receive() != nil)
      #expect(try await client.receive() == nil)
    }
  }

  @Test func halfAMessageIsCut() async throws {
    var configuration = ServerConfiguration()
    configuration.halfMessageTimeout = .milliseconds(50)
    try await TestServer.with(configuration) { server in
      let client = try RawClient(server.path)
      try await client.send("{\"method\":")
      #expect(try await client.receive() == nil)
    }
  }

  @Test func aStreamWithoutAReaderIsHeldAndThenCut() async throws {
    var configuration = ServerConfiguration()
    configuration.stalledReaderTimeout = .milliseconds(200)
    try await TestServer.with(configuration) { server in
      let client = try RawClient(server.path)
      try await client.call("org.example.test.Flood", ["size": 50_000], extra: ",\"more\":true")
      let other = try await server.connect()
      while server.service.floodsEnded.withLock({ $0 }) == 0 {
        #expect(try await other.call("org.example.test.Echo", ["text": "a"])["text"] == "a")
      }
      let sent = server.service.floodsSent.withLock { $0 }
      #expect(sent < 100, "a kernel buffer and 128 KiB hold about ten; the rest must wait, not pile up")
    }
  }

  @Test func aStreamEndsWhenItsReaderGoes() async throws {
    try await TestServer.with { server in
      do {
        let client = try RawClient(server.path)
        try await client.call("org.example.test.Flood", ["size": 10], extra: ",\"more\":true")
        for number in 1...20 {
          #expect(try await client.receive()?["parameters"]?["number"] == .integer(Int64(number)))
        }
      }
      while server.service.floodsEnded.withLock({ $0 }) == 0 { await Task.yield() }
    }
  }

  @Test func halfMessagesOfManyConnectionsStayWithinTheBudget() async throws {
    var configuration = ServerConfiguration()
    configuration.maximumBufferedBytes = 2 << 20
    configuration.maximumConnectionsPerUser = 60
    try await TestServer.with(configuration) { server in
      var held: [RawClient] = []
      for _ in 0..<6 {
        let client = try RawClient(server.path)
        try await client.send(String(repeating: "x", count: 900_000))
        held.append(client)
      }
      let small = try await server.connect()
      #expect(try await small.call("org.example.test.Echo", ["text": "ok"])["text"] == "ok")
      var refused = 0
      while server.service.closed.withLock(\.count) < 4 { await Task.yield() }
      for client in held.dropFirst(2) { refused += try await client.error() == nil ? 0 : 1 }
      #expect(refused <= 4)
    }
  }

  @Test func theBudgetGivesEveryConnectionItsFreeShare() {
    let budget = BufferBudget(limit: 100_000)
    #expect(budget.exchange(0, for: 16 << 10))
    #expect(budget.used == 0)
    #expect(budget.exchange(0, for: (16 << 10) + 100_000))
    #expect(!budget.exchange(0, for: (16 << 10) + 1))
    #expect(budget.exchange(0, for: 16 << 10))
    #expect(budget.exchange((16 << 10) + 100_000, for: 0))
    #expect(budget.used == 0)
  }
}
