import Synchronization
import Varlink

/// A small service with one method of each kind, and the means to hold one up.
final class TestService: VarlinkInterface {
  let definitionText = """
    interface org.example.test
    # Answers with what it got.
    method Echo(text: string) -> (text: string)
    # Waits until released.
    method Wait() -> ()
    # [Served ahead of other calls]
    method Stop() -> (order: int)
    # [Requires 'more' flag]
    method Count(to: int) -> (number: int)
    # [Supports 'more' flag]
    method Flood(size: int) -> (number: int, filler: string)
    # Breaks its promise.
    method Lie(how: string) -> (number: int)
    error Refused (why: string)
    """

  let stops = Mutex(0)
  let faults = Mutex<[String]>([])
  let closed = Mutex<[ConnectionID]>([])
  /// Whether the caller of `Wait` was there, asked before and after the wait.
  let presences = Mutex<[Bool]>([])
  let floodsEnded = Mutex(0)
  let floodsSent = Mutex(0)
  let release = Conflated(false)

  func call(_ method: String, parameters: JSONObject, context: CallContext) async throws -> JSONObject {
    switch method {
    case "Echo": return parameters
    case "Wait":
      let wasThere = await context.isConnected
      presences.withLock { $0.append(wasThere) }
      var released = release.subscribe()
      while let (isReleased, _) = await released.next(), !isReleased {}
      let isThere = await context.isConnected
      presences.withLock { $0.append(isThere) }
      return [:]
    case "Count":
      let last: Int = try parameters.value("to")
      for number in 1..<last { try await context.send(["number": number.json]) }
      return ["number": last.json]
    case "Flood": return try await flood(try parameters.value("size"), context)
    default: return try lie(try parameters.value("how"))
    }
  }

  func callUrgent(_ method: String, parameters: JSONObject, context: CallContext) throws -> JSONObject {
    [
      "order": stops.withLock {
        $0 += 1; return $0
      }.json
    ]
  }

  func connectionClosed(_ connection: ConnectionID) { closed.withLock { $0.append(connection) } }

  private func flood(_ size: Int, _ context: CallContext) async throws -> JSONObject {
    defer { floodsEnded.withLock { $0 += 1 } }
    let filler = String(repeating: "x", count: size)
    guard context.more else { return ["number": 0, "filler": .string(filler)] }
    var number = 0
    while true {
      number += 1
      try await context.send(["number": number.json, "filler": .string(filler)])
      floodsSent.withLock { $0 += 1 }
    }
  }

  private func lie(_ how: String) throws -> JSONObject {
    switch how {
    case "type": return ["number": "one"]
    case "field": return ["number": 1, "more": 2]
    case "error": throw RemoteError(errorName: "org.example.test.Unknown", errorParameters: [:])
    case "parameters": throw RemoteError(errorName: "org.example.test.Refused", errorParameters: [:])
    case "defined": throw RemoteError(errorName: "org.example.test.Refused", errorParameters: ["why": "so"])
    default: throw VarlinkClientError.connectionClosed(method: "x")
    }
  }
}
