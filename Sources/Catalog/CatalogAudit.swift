import GRDB
public import SessionLog
import Units

extension Catalog {
  /// Appends an entry and returns the new head; durable when it returns.
  @discardableResult
  public func appendAudit(_ entry: AuditEntry) throws(CatalogError) -> AuditHead {
    try write { db in try Self.append(entry, db) }
  }

  /// The end of the chain now.
  public func auditHead() throws(CatalogError) -> AuditHead { try read { db in try Self.head(db) } }

  /// Entries after a sequence, oldest first, at most `limit`.
  public func audit(after sequence: UInt64 = 0, limit: Int = 1_000) throws(CatalogError) -> [AuditRow] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?",
        arguments: [Int64(clamping: sequence), max(0, limit)]
      ).compactMap(Self.row)
    }
  }

  /// Walks the whole chain and names the first entry that was changed, is missing or stands elsewhere.
  ///
  /// `head` is a hash printed or written down earlier: when it is not in the chain, the tail was cut or the chain rewritten.
  /// `sessions` is the folder of the finished files, each of which is held against the hash in the chain; `nil` leaves them out.
  public func verifyAudit(head: SHA256Digest? = nil, sessions: String? = nil) throws(CatalogError)
    -> AuditVerdict
  {
    var (verdict, files) = try walkAudit(wanted: head)
    // The files are read after the catalog, so that nobody waits for it meanwhile.
    guard verdict.problem == nil, let sessions else { return verdict }
    for file in files {
      guard let reason = Self.mismatch("\(sessions)/\(file.session).mcap", file.hash) else { continue }
      verdict.problem = AuditVerdict.Problem(sequence: file.sequence, reason: reason)
      break
    }
    return verdict
  }

  private typealias BoundFile = (sequence: UInt64, session: String, hash: String)

  private func walkAudit(wanted: SHA256Digest?) throws(CatalogError) -> (AuditVerdict, [BoundFile]) {
    try read { db in
      var walk = AuditWalk(wanted: wanted)
      var files: [BoundFile] = []
      var purged: Set<String> = []
      let cursor = try Row.fetchCursor(db, sql: "SELECT * FROM audit ORDER BY sequence")
      while walk.problem == nil, let row = try cursor.next() {
        try walk.visit(row)
        if row["verb"] as String == AuditEntry.sessionClosed {
          files.append((walk.length, row["session_id"], row["detail"]))
        } else if row["verb"] as String == AuditEntry.sessionPurged {
          purged.insert(row["session_id"])
        }
      }
      var verdict = walk.verdict
      verdict.problem = try verdict.problem ?? Self.rowProblem(files, length: walk.length, db)
      return (verdict, files.filter { !purged.contains($0.session) })
    }
  }

  /// The first session whose row is not what the chain says of it; `nil` when all are.
  private static func rowProblem(_ files: [BoundFile], length: UInt64, _ db: Database) throws
    -> AuditVerdict.Problem?
  {
    var bound: Set<String> = []
    for file in files {
      bound.insert(file.session)
      let row = try Row.fetchOne(
        db, sql: "SELECT file_sha256 FROM session WHERE id = ?", arguments: [file.session])
      guard let row else {
        return AuditVerdict.Problem(
          sequence: file.sequence, reason: "session \(file.session) is missing from the catalog")
      }
      guard row["file_sha256"] as String? == file.hash else {
        return AuditVerdict.Problem(
          sequence: file.sequence, reason: "session \(file.session) was changed in the catalog")
      }
    }
    let closed = try String.fetchAll(db, sql: "SELECT id FROM session WHERE state = 'closed' ORDER BY id")
    return closed.first { !bound.contains($0) }.map { id in
      AuditVerdict.Problem(sequence: length, reason: "session \(id) is closed, and no entry says so")
    }
  }

  static func append(_ entry: AuditEntry, _ db: Database) throws -> AuditHead {
    let head = try head(db)
    let sequence = head.length + 1
    let hash = try entry.hash(sequence: sequence, previous: head.hash)
    try db.execute(
      sql: """
        INSERT INTO audit (sequence, at_us, actor, role, verb, detail, session_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        Int64(clamping: sequence), entry.at.microseconds, entry.actor, entry.role, entry.verb, entry.detail,
        entry.session, hash.description,
      ])
    return AuditHead(length: sequence, hash: hash)
  }

  private static func head(_ db: Database) throws -> AuditHead {
    let row = try Row.fetchOne(db, sql: "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
    guard let row else { return AuditHead(length: 0, hash: nil) }
    return AuditHead(
      length: UInt64(clamping: row["sequence"] as Int64), hash: SHA256Digest(hexadecimal: row["hash"]))
  }

  static func row(_ row: Row) -> AuditRow? {
    guard let hash = SHA256Digest(hexadecimal: row["hash"]) else { return nil }
    return AuditRow(
      sequence: UInt64(clamping: row["sequence"] as Int64),
      entry: AuditEntry(
        at: WallTime(microseconds: row["at_us"]), actor: row["actor"], role: row["role"], verb: row["verb"],
        detail: row["detail"], session: row["session_id"]),
      hash: hash)
  }

  /// Why a finished file is not the one in the chain; `nil` when it is.
  private static func mismatch(_ path: String, _ hash: String) -> String? {
    do {
      let found = try SHA256Digest.ofFile(path)
      return found.description == hash ? nil : "\(path) was changed after it was closed"
    } catch {
      return "\(path) is missing or cannot be read: \(error)"
    }
  }
}

/// The walk along the chain.
struct AuditWalk {
  let wanted: SHA256Digest?
  private(set) var length: UInt64 = 0
  private var previous: SHA256Digest?
  private var sawWanted = false
  var problem: AuditVerdict.Problem?

  init(wanted: SHA256Digest?) { self.wanted = wanted }

  mutating func visit(_ row: Row) throws {
    let expected = length + 1
    guard let found = Catalog.row(row) else {
      problem = AuditVerdict.Problem(sequence: expected, reason: "its hash is not a hash")
      return
    }
    guard found.sequence == expected else {
      problem = AuditVerdict.Problem(
        sequence: expected, reason: "the entry is missing; the next one is \(found.sequence)")
      return
    }
    guard try found.entry.hash(sequence: expected, previous: previous) == found.hash else {
      problem = AuditVerdict.Problem(
        sequence: expected, reason: "the entry was changed, or one before it was taken out or moved")
      return
    }
    length = expected
    previous = found.hash
    if found.hash == wanted { sawWanted = true }
  }

  var verdict: AuditVerdict {
    var verdict = AuditVerdict(head: AuditHead(length: length, hash: previous), problem: problem)
    if problem == nil, let wanted, !sawWanted {
      verdict.problem = AuditVerdict.Problem(
        sequence: length,
        reason: "head \(wanted) is not in the chain: entries after it were cut off or the chain was rewritten"
      )
    }
    return verdict
  }
}
