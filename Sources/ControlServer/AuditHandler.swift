import Catalog
public import ControlInterface
import SessionLog
import Units
public import Varlink

/// Serves `org.stipple.Audit`, over a reader of its own: walking a long chain and hashing every recording must not keep the desk
/// from its catalog.
public struct AuditHandler: Audit.Handler {
  /// Entries in one reply, about 400 bytes each.
  private static var entriesPerReply: Int { 200 }
  private static var followInterval: Duration { .milliseconds(300) }

  private let catalogPath: String
  private let sessionsFolder: String

  public init(catalogPath: String, sessionsFolder: String) {
    self.catalogPath = catalogPath
    self.sessionsFolder = sessionsFolder
  }

  public func tail(
    _ parameters: Audit.Tail.Parameters, _ replies: Replies<Audit.Tail.Reply>, _: CallContext
  ) async throws -> Audit.Tail.Reply {
    guard replies.areWelcome else { throw ServiceError.expectedMore }
    let count = parameters.count ?? 50
    guard (1...10_000).contains(count) else {
      throw Audit.InvalidValue(field: "count", value: "\(count)", limit: "1 to 10000")
    }
    let catalog = try stored { try Catalog(reading: catalogPath) }
    var last: UInt64
    if let given = parameters.afterSequence {
      last = UInt64(clamping: given)
    } else {
      let length = try stored { try catalog.auditHead().length }
      last = length - min(length, UInt64(count))
    }
    var left = parameters.afterSequence == nil ? Int.max : parameters.count ?? Int.max
    while true {
      let rows = try stored { try catalog.audit(after: last, limit: min(left, Self.entriesPerReply)) }
      left -= rows.count
      if let newest = rows.last {
        last = newest.sequence
        try await replies.send(Audit.Tail.Reply(entries: rows.map(describe)))
      } else {
        guard parameters.follow ?? false else { return Audit.Tail.Reply(entries: []) }
        try await Task.sleep(for: Self.followInterval)
      }
      if left <= 0 { return Audit.Tail.Reply(entries: []) }
    }
  }

  public func verify(_ parameters: Audit.Verify.Parameters, _: CallContext) async throws
    -> Audit.Verify.Reply
  {
    var head: SHA256Digest?
    if let text = parameters.head {
      head = SHA256Digest(hexadecimal: text)
      guard head != nil else {
        throw Audit.InvalidValue(field: "head", value: text, limit: "64 hexadecimal digits")
      }
    }
    let verdict = try stored {
      try Catalog(reading: catalogPath).verifyAudit(head: head, sessions: sessionsFolder)
    }
    return Audit.Verify.Reply(
      isIntact: verdict.holds, lengthEntries: Int(clamping: verdict.head.length),
      head: verdict.head.hash?.description,
      firstWrongSequence: verdict.problem.map { Int(clamping: $0.sequence) }, finding: verdict.problem?.reason
    )
  }

  private func describe(_ row: AuditRow) -> Audit.Entry {
    Audit.Entry(
      sequence: Int(clamping: row.sequence), atUs: row.entry.at.microseconds, actor: row.entry.actor,
      role: row.entry.role, verb: row.entry.verb, detail: row.entry.detail,
      session: row.entry.session.isEmpty ? nil : row.entry.session, hash: row.hash.description)
  }

  private func stored<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as CatalogError {
      throw Audit.StorageFailed(reason: error.description)
    }
  }
}
