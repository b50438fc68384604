@testable import Varlink

/// Any bytes as what a peer sends: cut into messages, read as JSON, taken as calls, held against an interface. What is accepted has to
/// survive being written and read again, and what reaches a handler has to be of its types.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  for message in framed(bytes) { judge(message) }
  return 0
}

/// The messages in the bytes, handed over in pieces whose length the first byte tells: however they arrive, they are the same.
private func framed(_ bytes: [UInt8]) -> [[UInt8]] {
  let step = Int(bytes.first ?? 0) % 61 + 1
  let stream = Array(bytes.dropFirst())
  var framer = MessageFramer(limit: 1 << 20)
  var messages: [[UInt8]] = []
  var taken = 0
  while taken < stream.count {
    framer.append(stream[taken..<min(taken + step, stream.count)])
    taken = min(taken + step, stream.count)
    while let message = framer.next() { messages.append(message) }
  }
  let whole = stream.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
  precondition(messages == Array(whole.dropLast()), "messages were cut elsewhere than at their NUL")
  precondition(
    framer.pendingCount == whole.last?.count ?? 0, "the framer holds more or less than what is left")
  // What has not ended is judged, too: the fuzzer rarely writes a NUL.
  return messages + (whole.last.map { [$0] } ?? [])
}

private func judge(_ message: [UInt8]) {
  let limits = JSONLimits()
  let json: JSONValue
  do {
    json = try JSONParser.parse(message, limits: limits)
  } catch {
    precondition(error.offset >= 0 && error.offset <= message.count, "a fault outside the text")
    precondition(!"\(error)".isEmpty)
    return
  }
  precondition(depth(json) <= limits.nesting, "nested deeper than allowed")
  precondition((try? JSONParser.parse(JSONWriter.bytes(json))) == json, "written, it reads otherwise")
  precondition(
    (try? JSONParser.parse(JSONWriter.text(json, indent: 2))) == json,
    "written for people, it reads otherwise")
  if let reply = try? ReplyMessage(json) {
    precondition((try? ReplyMessage(reply.json)) == reply, "a reply reads otherwise than it was written")
    if let name = reply.error { _ = ServiceError(errorName: name, errorParameters: reply.parameters) }
  }
  guard let call = try? CallMessage(json) else { return }
  precondition((try? CallMessage(call.json)) == call, "a call reads otherwise than it was written")
  carryOut(call)
}

/// As the server does it, on its event loop.
private func carryOut(_ call: CallMessage) {
  let context = CallContext(
    method: call.method, peer: Peer(userID: 1, groupID: 1, processID: 1, supplementaryGroupIDs: []))
  let reply = executor.executeUrgent(call, context: context)
  precondition(reply.last == 0 && !reply.dropLast().contains(0), "a reply is not one message")
  guard let message = try? JSONParser.parse(Array(reply.dropLast())), (try? ReplyMessage(message)) != nil
  else {
    preconditionFailure("the answer is no reply")
  }
}

private func depth(_ json: JSONValue) -> Int {
  switch json {
  case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
  case .object(let object): 1 + (object.map { depth($0.value) }.max() ?? 0)
  default: 0
  }
}

/// Answers every call with what it was given, after holding it against the definition a second time.
private struct Echo: VarlinkInterface {
  let definitionText = """
    interface a.b
    type T (a: int, b: ?float, c: []string, d: [string]int, e: (one, two), f: ?T2)
    type T2 (a: bool, b: object, c: [string]())
    method M(t: ?T, a: ?[]?int, s: ?string, o: ?object, m: ?[string]T2) -> (t: ?T, a: ?[]?int, s: ?string, o: ?object, m: ?[string]T2)
    # [Requires 'more' flag]
    method N(x: int) -> (x: int)
    error E (why: string)
    """

  func call(_ method: String, parameters: JSONObject, context: CallContext) async throws -> JSONObject {
    parameters
  }

  func callUrgent(_ method: String, parameters: JSONObject, context: CallContext) throws -> JSONObject {
    for name in parameters.names {
      precondition(["t", "a", "s", "o", "m", "x"].contains(name), "an unknown parameter came through")
    }
    if let text = parameters["s"] { precondition(text.isNull || text.string != nil, "s is no string") }
    if let x = parameters["x"] { precondition(x.integer != nil, "x is no integer") }
    return parameters
  }
}

private let executor: CallExecutor = {
  do {
    let information = ServiceInformation(vendor: "v", product: "p", version: "1", url: "u")
    return CallExecutor(
      table: try MethodTable(information, [Echo()]), limits: JSONLimits(),
      report: { method, fault in
        // The service's own interface answers no urgent calls; everything else that is answered is of its type.
        precondition(method.hasPrefix("org.varlink.service."), "\(method): \(fault)")
      })
  } catch {
    preconditionFailure("the fuzzer's own definition is broken: \(error)")
  }
}()
