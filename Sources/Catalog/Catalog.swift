import GRDB
import SessionLog
public import Units

/// The clinic's register: sessions, zones, cartridges, pigments, faults and the audit chain, in one SQLite file.
///
/// Every method blocks until the disk has answered, at most the busy time-out of two seconds plus the disk's own time; call it
/// from the control plane only. Every change is one transaction: it happens whole or not at all.
public final class Catalog: Sendable {
  /// How long another process's lock is waited for, seconds.
  static var busySeconds: Double { 2 }

  public let path: String
  let queue: DatabaseQueue

  /// Opens or creates the file, brings its schema up to date and checks it.
  ///
  /// Throws `.cannotOpen` (also for a file made by a newer version) and `.corrupt`.
  public init(path: String) throws(CatalogError) {
    self.path = path
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(Self.busySeconds)
    configuration.prepareDatabase { db in
      // What is erased or purged is overwritten, not left in a free page.
      try db.execute(sql: "PRAGMA secure_delete = ON")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      // In WAL mode FULL makes each commit durable; NORMAL would lose the last ones in a power cut. It is set here because the
      // library sets NORMAL itself after it has prepared the connection.
      try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    } catch {
      throw .cannotOpen(path: path, reason: Self.words(error))
    }
    try checkIntegrity()
    let migrations = Migrations.all
    let isNewer: Bool
    do {
      isNewer = try queue.read { db in try migrations.hasBeenSuperseded(db) }
      if !isNewer { try migrations.migrate(queue) }
    } catch {
      throw .cannotOpen(path: path, reason: Self.words(error))
    }
    guard !isNewer else {
      throw .cannotOpen(path: path, reason: "it was made by a newer version of Stipple; install that version")
    }
  }

  /// Opens an existing file for reading only: beside the daemon that writes it, or where there is none. Nothing is brought up to
  /// date. Throws `.cannotOpen`.
  public init(reading path: String) throws(CatalogError) {
    self.path = path
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(Self.busySeconds)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      // Opening reads nothing yet; a file that is no catalog shows here.
      _ = try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM session") }
    } catch {
      throw .cannotOpen(path: path, reason: Self.words(error))
    }
  }

  /// SQLite's check of every page and every reference. Throws `.corrupt` with what it found.
  public func checkIntegrity() throws(CatalogError) {
    let findings: [String]
    do {
      findings = try queue.read { db in
        let pages = try String.fetchAll(db, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
        let references = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(20).map { row in
          "a row of \(row[0] as String? ?? "a table") refers to nothing"
        }
        return pages + references
      }
    } catch {
      throw .corrupt(path: path, findings: [Self.words(error)])
    }
    guard findings.isEmpty else { throw .corrupt(path: path, findings: findings) }
  }

  /// The newest time in any row: a clock behind it is wrong. `nil` while the catalog is empty.
  public func newestRecordTime() throws(CatalogError) -> WallTime? {
    try read { db in
      let newest = try Int64.fetchOne(
        db,
        sql: """
          SELECT max(t) FROM (
            SELECT max(opened_at_us) AS t FROM session UNION ALL SELECT max(closed_at_us) FROM session
            UNION ALL SELECT max(set_at_us) FROM session_zone UNION ALL SELECT max(from_at_us) FROM session_material
            UNION ALL SELECT max(first_seen_at_us) FROM fault UNION ALL SELECT max(acknowledged_at_us) FROM fault
            UNION ALL SELECT max(created_at_us) FROM client UNION ALL SELECT max(created_at_us) FROM plan
            UNION ALL SELECT max(from_at_us) FROM setting UNION ALL SELECT max(at_us) FROM calibration
            UNION ALL SELECT max(at_us) FROM audit)
          """)
      return newest.map { WallTime(microseconds: $0) }
    }
  }

  func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws(CatalogError) -> Value {
    do { return try queue.read(body) } catch { throw failure(error) }
  }

  func write<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws(CatalogError) -> Value {
    do { return try queue.write(body) } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> CatalogError {
    if let error = error as? CatalogError { return error }
    if let refusal = error as? CatalogRefusal { return .refused(refusal) }
    if let error = error as? DatabaseError,
      error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    {
      return .corrupt(path: path, findings: [Self.words(error)])
    }
    return .database(path: path, reason: Self.words(error))
  }

  private static func words(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return "another program holds it locked"
    case .SQLITE_FULL: return "the disk is full"
    case .SQLITE_READONLY: return "it is read-only for this user"
    case .SQLITE_CANTOPEN: return "the folder is missing, or this user may not use it"
    case .SQLITE_NOTADB: return "it is not a SQLite file"
    default: return error.message ?? error.resultCode.description
    }
  }
}

extension CatalogRefusal: Error {}

extension WallTime {
  init(microseconds: Int64) { self.init(sinceEpoch: .microseconds(microseconds)) }
  var microseconds: Int64 { sinceEpoch.inMicroseconds }
}
