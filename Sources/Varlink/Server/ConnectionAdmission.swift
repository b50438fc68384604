/// Decides who may connect: a value with the counts, and no socket.
struct ConnectionAdmission {
  enum Verdict: Equatable {
    case regular
    /// Urgent methods only.
    case reserved
    case refused
  }

  let configuration: ServerConfiguration
  private var regular: [UInt32: Int] = [:]
  private var reserved: [UInt32: Int] = [:]
  private var regularCount = 0
  private var reservedCount = 0

  init(_ configuration: ServerConfiguration) { self.configuration = configuration }

  mutating func admit(userID: UInt32) -> Verdict {
    if regularCount < configuration.maximumConnections - configuration.reservedConnections,
      regular[userID, default: 0] < configuration.maximumConnectionsPerUser
    {
      regular[userID, default: 0] += 1
      regularCount += 1
      return .regular
    }
    if reservedCount < configuration.reservedConnections,
      reserved[userID, default: 0] < configuration.reservedConnectionsPerUser
    {
      reserved[userID, default: 0] += 1
      reservedCount += 1
      return .reserved
    }
    return .refused
  }

  mutating func release(userID: UInt32, _ verdict: Verdict) {
    switch verdict {
    case .regular:
      regularCount -= 1
      Self.decrement(&regular, userID)
    case .reserved:
      reservedCount -= 1
      Self.decrement(&reserved, userID)
    case .refused: break
    }
  }

  private static func decrement(_ counts: inout [UInt32: Int], _ userID: UInt32) {
    let count = counts[userID, default: 0] - 1
    counts[userID] = count > 0 ? count : nil
  }
}
