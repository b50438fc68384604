import Synchronization
public import Varlink

/// The serving side of `org.varlink.certification`.
public final class CertificationService: Certification.Handler {
  private struct State {
    var expected: [String: String] = [:]
    var lastNumber = 0
  }

  /// Runs at once; more push the oldest state out of a long test, not memory.
  private static let runLimit = 1_000

  private let state = Mutex(State())

  public init() {}

  /// Checks that the call is the run's next one and made with the parameters that the interface prescribes.
  private func step(
    _ run: String, _ method: String, then next: String, _ isRight: Bool, _ got: JSONObject
  ) throws {
    let expected = state.withLock { state in
      let expected = state.expected[run]
      if expected == method && isRight { state.expected[run] = next }
      return expected
    }
    guard let expected else { throw Certification.ClientIdError() }
    guard expected == method, isRight else {
      throw Certification.CertificationError(wants: ["method": .string(expected)], got: got)
    }
  }

  public func start(
    _ parameters: Certification.Start.Parameters, _ context: CallContext
  ) async throws -> Certification.Start.Reply {
    state.withLock { state in
      if state.expected.count >= Self.runLimit { state.expected = [:] }
      state.lastNumber += 1
      state.expected["\(state.lastNumber)"] = "Test01"
      return .init(clientId: "\(state.lastNumber)")
    }
  }

  public func test01(
    _ parameters: Certification.Test01.Parameters, _ context: CallContext
  ) async throws -> Certification.Test01.Reply {
    try step(parameters.clientId, "Test01", then: "Test02", true, parameters.fields)
    return .init(bool: true)
  }

  public func test02(
    _ parameters: Certification.Test02.Parameters, _ context: CallContext
  ) async throws -> Certification.Test02.Reply {
    try step(parameters.clientId, "Test02", then: "Test03", parameters.bool, parameters.fields)
    return .init(int: 1)
  }

  public func test03(
    _ parameters: Certification.Test03.Parameters, _ context: CallContext
  ) async throws -> Certification.Test03.Reply {
    try step(parameters.clientId, "Test03", then: "Test04", parameters.int == 1, parameters.fields)
    return .init(float: 1.0)
  }

  public func test04(
    _ parameters: Certification.Test04.Parameters, _ context: CallContext
  ) async throws -> Certification.Test04.Reply {
    try step(parameters.clientId, "Test04", then: "Test05", parameters.float == 1.0, parameters.fields)
    return .init(string: "ping")
  }

  public func test05(
    _ parameters: Certification.Test05.Parameters, _ context: CallContext
  ) async throws -> Certification.Test05.Reply {
    try step(parameters.clientId, "Test05", then: "Test06", parameters.string == "ping", parameters.fields)
    return .init(bool: false, int: 2, float: Double.pi, string: "a lot of string")
  }

  public func test06(
    _ parameters: Certification.Test06.Parameters, _ context: CallContext
  ) async throws -> Certification.Test06.Reply {
    let isRight =
      !parameters.bool && parameters.int == 2 && parameters.float == Double.pi
      && parameters.string == "a lot of string"
    try step(parameters.clientId, "Test06", then: "Test07", isRight, parameters.fields)
    return .init(struct: .init(bool: false, int: 2, float: Double.pi, string: "a lot of string"))
  }

  public func test07(
    _ parameters: Certification.Test07.Parameters, _ context: CallContext
  ) async throws -> Certification.Test07.Reply {
    let expected = Certification.Test07.Parameters.Struct(
      bool: false, int: 2, float: Double.pi, string: "a lot of string")
    try step(parameters.clientId, "Test07", then: "Test08", parameters.struct == expected, parameters.fields)
    return .init(map: ["foo": "Foo", "bar": "Bar"])
  }

  public func test08(
    _ parameters: Certification.Test08.Parameters, _ context: CallContext
  ) async throws -> Certification.Test08.Reply {
    let isRight = parameters.map == ["foo": "Foo", "bar": "Bar"]
    try step(parameters.clientId, "Test08", then: "Test09", isRight, parameters.fields)
    return .init(set: ["one", "two", "three"])
  }

  public func test09(
    _ parameters: Certification.Test09.Parameters, _ context: CallContext
  ) async throws -> Certification.Test09.Reply {
    let isRight = parameters.set == ["one", "two", "three"]
    try step(parameters.clientId, "Test09", then: "Test10", isRight, parameters.fields)
    return .init(mytype: Self.sample)
  }

  public func test10(
    _ parameters: Certification.Test10.Parameters, _ replies: Replies<Certification.Test10.Reply>,
    _ context: CallContext
  ) async throws -> Certification.Test10.Reply {
    try step(
      parameters.clientId, "Test10", then: "Test11", parameters.mytype == Self.sample, parameters.fields)
    for number in 1...9 { try await replies.send(.init(string: "Reply number \(number)")) }
    return .init(string: "Reply number 10")
  }

  public func test11(
    _ parameters: Certification.Test11.Parameters, _ context: CallContext
  ) async throws -> Certification.Test11.Reply {
    let isRight = context.oneway && parameters.lastMoreReplies == (1...10).map { "Reply number \($0)" }
    try step(parameters.clientId, "Test11", then: "End", isRight, parameters.fields)
    return .init()
  }

  public func end(
    _ parameters: Certification.End.Parameters, _ context: CallContext
  ) async throws -> Certification.End.Reply {
    try step(parameters.clientId, "End", then: "", true, parameters.fields)
    state.withLock { $0.expected[parameters.clientId] = nil }
    return .init(allOk: true)
  }

  /// The value that Test09 gives and Test10 must get back, as the interface's reference servers have it.
  static let sample = Certification.MyType(
    object: [
      "method": "org.varlink.certification.Test09",
      "parameters": ["map": ["foo": "Foo", "bar": "Bar"]],
    ],
    enum: .two, struct: .init(first: 1, second: "2"), array: ["one", "two", "three"],
    dictionary: ["foo": "Foo", "bar": "Bar"], stringset: ["one", "two", "three"], nullable: nil,
    nullableArrayStruct: nil,
    interface: .init(
      foo: [nil, ["foo": .foo, "bar": .bar], nil, ["one": .foo, "two": .bar]],
      anon: .init(foo: true, bar: false)))
}
