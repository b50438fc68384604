import Synchronization
import Testing
import Varlink

@Suite(.timeLimit(.minutes(1))) struct ClientTests {
  @Test func aCallWithoutAReplyInTimeIsAnErrorAndTheConnectionIsGone() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      await #expect(
        throws: VarlinkClientError.timedOut(method: "org.example.test.Wait", after: .milliseconds(50))
      ) {
        try await connection.call("org.example.test.Wait", timeout: .milliseconds(50))
      }
      await #expect(throws: VarlinkClientError.connectionClosed(method: "org.example.test.Echo")) {
        try await connection.call("org.example.test.Echo", ["text": "a"])
      }
    }
  }

  @Test func aStreamGivesItsRepliesInOrderAndEnds() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      var numbers: [Int64] = []
      for try await reply in connection.callMore("org.example.test.Count", ["to": 500]) {
        numbers.append(reply["number"]?.integer ?? -1)
      }
      #expect(numbers == Array(1...500))
      #expect(try await connection.call("org.example.test.Echo", ["text": "after"])["text"] == "after")
    }
  }

  @Test func callsMadeAtTheSameTimeGetTheirOwnReplies() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      try await withThrowingTaskGroup(of: (Int, JSONObject).self) { group in
        for number in 0..<100 {
          group.addTask {
            (number, try await connection.call("org.example.test.Echo", ["text": .string("\(number)")]))
          }
        }
        for try await (number, reply) in group { #expect(reply["text"] == .string("\(number)")) }
      }
    }
  }

  @Test func cancellingTheReaderEndsTheStream() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      let progress = Conflated(0)
      let reader = Task {
        var count = 0
        for try await _ in connection.callMore("org.example.test.Flood", ["size": 10]) {
          count += 1
          progress.publish(count)
        }
        return count
      }
      var counts = progress.subscribe()
      while let (count, _) = await counts.next(), count < 100 {}
      reader.cancel()
      _ = try? await reader.value
      while server.service.floodsEnded.withLock({ $0 }) == 0 { await Task.yield() }
    }
  }

  @Test func aServerThatClosesFailsTheCallsInProgress() async throws {
    try await TestServer.with { server in
      let connection = try await server.connect()
      let stream = connection.callMore("org.example.test.Flood", ["size": 10])
      #expect(try await stream.next()?["number"] == 1)
      await server.server.close()
      await #expect(throws: VarlinkClientError.self) { while try await stream.next() != nil {} }
    }
  }
}
