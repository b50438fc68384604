import GRDB
public import Units

extension Catalog {
  /// Registers a client. Throws `.refused` when the code is taken or not 1 to 64 characters.
  @discardableResult
  public func createClient(_ code: String, at time: WallTime, by actor: String) throws(CatalogError)
    -> ClientEntry
  {
    try write { db in
      guard (1...64).contains(code.unicodeScalars.count) else {
        throw CatalogRefusal.invalid(field: "client", reason: "a code has 1 to 64 characters")
      }
      guard try Self.client(code, db) == nil else { throw CatalogRefusal.clientExists(code: code) }
      try db.execute(
        sql: "INSERT INTO client (code, created_by, created_at_us) VALUES (?, ?, ?)",
        arguments: [code, actor, time.microseconds])
      return try Self.existingClient(code, db)
    }
  }

  /// Notes where a client's signed consent is kept; a newer reference replaces an older one.
  @discardableResult
  public func recordConsent(_ reference: String, client code: String, at time: WallTime) throws(CatalogError)
    -> ClientEntry
  {
    try write { db in
      guard (1...128).contains(reference.unicodeScalars.count) else {
        throw CatalogRefusal.invalid(field: "reference", reason: "1 to 128 characters")
      }
      let client = try Self.existingClient(code, db)
      try db.execute(
        sql: "UPDATE client SET consent = ?, consent_at_us = ? WHERE id = ?",
        arguments: [reference, time.microseconds, client.id])
      return try Self.existingClient(code, db)
    }
  }

  /// A client by code. `nil` when there is none.
  public func client(_ code: String) throws(CatalogError) -> ClientEntry? {
    try read { db in try Self.client(code, db) }
  }

  /// Clients that were not erased, the one seen last first.
  public func clients(limit: Int = 100) throws(CatalogError) -> [ClientEntry] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: Self.clientRows
          + " WHERE erased_at_us IS NULL ORDER BY coalesce(last_at_us, created_at_us) DESC, client.id DESC LIMIT ?",
        arguments: [max(0, limit)]
      ).map(Self.clientEntry)
    }
  }

  static func existingClient(_ code: String, _ db: Database) throws -> ClientEntry {
    guard let client = try client(code, db) else { throw CatalogRefusal.noSuchClient(code: code) }
    return client
  }

  static func client(_ code: String, _ db: Database) throws -> ClientEntry? {
    try Row.fetchOne(
      db, sql: clientRows + " WHERE code = ? AND erased_at_us IS NULL", arguments: [code]
    ).map(clientEntry)
  }

  private static let clientRows = """
    SELECT client.*, (SELECT count(*) FROM session WHERE client_code = code) AS sessions,
      (SELECT max(opened_at_us) FROM session WHERE client_code = code) AS last_at_us FROM client
    """

  private static func clientEntry(_ row: Row) -> ClientEntry {
    func time(_ column: String) -> WallTime? {
      (row[column] as Int64?).map { WallTime(microseconds: $0) }
    }
    return ClientEntry(
      id: row["id"], code: row["code"], consent: row["consent"], consentAt: time("consent_at_us"),
      createdBy: row["created_by"], createdAt: WallTime(microseconds: row["created_at_us"]),
      erasedAt: time("erased_at_us"), sessions: row["sessions"], lastSessionAt: time("last_at_us"))
  }
}
