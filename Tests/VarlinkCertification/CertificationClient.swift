public import Varlink

/// The calling side of `org.varlink.certification`.
public enum CertificationClient {
  /// Calls everything in order. True when the server is content; throws what went wrong otherwise.
  public static func run(_ connection: VarlinkConnection) async throws -> Bool {
    let client = Certification.Client(connection)
    let run = try await client.start().clientId
    let one = try await client.test01(.init(clientId: run))
    let two = try await client.test02(.init(clientId: run, bool: one.bool))
    let three = try await client.test03(.init(clientId: run, int: two.int))
    let four = try await client.test04(.init(clientId: run, float: three.float))
    let five = try await client.test05(.init(clientId: run, string: four.string))
    let six = try await client.test06(
      .init(clientId: run, bool: five.bool, int: five.int, float: five.float, string: five.string))
    let sent = six.struct
    let seven = try await client.test07(
      .init(
        clientId: run,
        struct: .init(bool: sent.bool, int: sent.int, float: sent.float, string: sent.string)))
    let eight = try await client.test08(.init(clientId: run, map: seven.map))
    let nine = try await client.test09(.init(clientId: run, set: eight.set))
    var replies: [String] = []
    for try await reply in client.test10(.init(clientId: run, mytype: nine.mytype), timeout: .seconds(10)) {
      replies.append(reply.string)
    }
    let eleven = Certification.Test11.Parameters(clientId: run, lastMoreReplies: replies)
    try await connection.callOneway(Certification.Test11.name, eleven.fields)
    return try await client.end(.init(clientId: run)).allOk
  }
}
