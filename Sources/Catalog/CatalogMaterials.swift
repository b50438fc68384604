import GRDB
public import SessionLog
public import Units

extension Catalog {
  /// Registers the cartridge in the handpiece for the open session.
  ///
  /// Throws `.refused` when it has expired, was used for another client (a bench session is another client), or has made its
  /// strokes. `today` is the clinic's day.
  public func registerCartridge(
    _ label: CartridgeLabel, in session: String, at time: WallTime, today: CalendarDate
  ) throws(CatalogError) -> CartridgeEntry {
    try write { db in
      try Self.requireOpen(session, db)
      let client = try Self.existing(session, db).client
      try Self.require(label.lot, "lot")
      try Self.require(label.maker, "maker")
      guard label.lifeStrokes > 0, label.lifeStrokes <= UInt64(Int64.max) else {
        throw CatalogRefusal.invalid(field: "life", reason: "a cartridge lasts at least one stroke")
      }
      guard label.expiry >= today else {
        throw CatalogRefusal.cartridgeExpired(lot: label.lot, expiry: label.expiry)
      }
      let known = try Self.knownCartridge(label, db)
      if let known {
        guard known.client == client else {
          throw CatalogRefusal.cartridgeOfAnotherClient(lot: label.lot, serial: label.serial ?? "")
        }
        guard known.strokesLeft > 0 else {
          throw CatalogRefusal.cartridgeSpent(
            lot: label.lot, strokes: known.usedStrokes, life: known.label.lifeStrokes)
        }
      }
      let cartridge = try known ?? Self.insert(label, client: client, at: time, db)
      try db.execute(
        sql:
          "INSERT INTO session_material (session_id, cartridge_id, dilution, from_at_us) VALUES (?, ?, '', ?)",
        arguments: [session, cartridge.id, time.microseconds])
      return cartridge
    }
  }

  /// Sets how many strokes a cartridge has made; it never becomes fewer.
  public func setCartridgeStrokes(_ strokes: UInt64, cartridge id: Int64) throws(CatalogError) {
    try write { db in
      try db.execute(
        sql: "UPDATE cartridge SET used_strokes = max(used_strokes, ?) WHERE id = ?",
        arguments: [Int64(clamping: strokes), id])
      guard db.changesCount == 1 else { throw CatalogRefusal.noSuchRow(what: "cartridge", id: id) }
    }
  }

  /// Registers the pigment in use. Throws `.refused` when it has expired.
  public func registerPigment(
    _ label: PigmentLabel, dilution: String, in session: String, at time: WallTime, today: CalendarDate
  ) throws(CatalogError) -> PigmentEntry {
    try write { db in
      try Self.requireOpen(session, db)
      try Self.require(label.lot, "lot")
      try Self.require(label.maker, "maker")
      try db.execute(
        sql: """
          INSERT INTO pigment (maker, name, shade, lot, expiry, first_used_at_us) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (maker, name, shade, lot) DO NOTHING
          """,
        arguments: [
          label.maker, label.name, label.shade, label.lot, label.expiry.description, time.microseconds,
        ])
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM pigment WHERE maker = ? AND name = ? AND shade = ? AND lot = ?",
        arguments: [label.maker, label.name, label.shade, label.lot])
      guard let pigment = row.flatMap(Self.pigment) else {
        throw CatalogRefusal.invalid(field: "pigment", reason: "its row cannot be read")
      }
      // One bottle, one date: the earlier of what was typed now and before counts.
      let expiry = min(pigment.label.expiry, label.expiry)
      guard expiry >= today else { throw CatalogRefusal.pigmentExpired(lot: label.lot, expiry: expiry) }
      try db.execute(
        sql:
          "INSERT INTO session_material (session_id, pigment_id, dilution, from_at_us) VALUES (?, ?, ?, ?)",
        arguments: [session, pigment.id, dilution, time.microseconds])
      return pigment
    }
  }

  /// What was used in a session, in the order it was registered.
  public func materials(of session: String) throws(CatalogError) -> [MaterialUse] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM session_material WHERE session_id = ? ORDER BY id", arguments: [session]
      ).compactMap { row in
        let from = WallTime(microseconds: row["from_at_us"])
        if let id = row["cartridge_id"] as Int64? {
          return try Self.cartridge(id, db).map { .cartridge($0, from: from) }
        }
        let pigment = try Row.fetchOne(
          db, sql: "SELECT * FROM pigment WHERE id = ?", arguments: [row["pigment_id"] as Int64?])
        return pigment.flatMap(Self.pigment).map { .pigment($0, dilution: row["dilution"], from: from) }
      }
    }
  }

  /// One cartridge. `nil` when there is none of that id.
  public func cartridge(_ id: Int64) throws(CatalogError) -> CartridgeEntry? {
    try read { db in try Self.cartridge(id, db) }
  }

  private static func require(_ text: String, _ field: String) throws {
    guard (1...128).contains(text.unicodeScalars.count) else {
      throw CatalogRefusal.invalid(field: field, reason: "1 to 128 characters, as printed on the label")
    }
  }

  private static func knownCartridge(_ label: CartridgeLabel, _ db: Database) throws -> CartridgeEntry? {
    guard let serial = label.serial else { return nil }
    return try Row.fetchOne(
      db, sql: "SELECT * FROM cartridge WHERE maker = ? AND lot = ? AND serial = ?",
      arguments: [label.maker, label.lot, serial]
    ).flatMap(cartridge)
  }

  private static func insert(
    _ label: CartridgeLabel, client: String?, at time: WallTime, _ db: Database
  ) throws -> CartridgeEntry {
    try db.execute(
      sql: """
        INSERT INTO cartridge (maker, name, lot, serial, expiry, life_strokes, client_code, first_used_at_us)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        label.maker, label.name, label.lot, label.serial, label.expiry.description,
        Int64(clamping: label.lifeStrokes),
        client, time.microseconds,
      ])
    return CartridgeEntry(
      id: db.lastInsertedRowID, label: label, usedStrokes: 0, client: client, firstUsedAt: time)
  }

  private static func cartridge(_ id: Int64, _ db: Database) throws -> CartridgeEntry? {
    try Row.fetchOne(db, sql: "SELECT * FROM cartridge WHERE id = ?", arguments: [id]).flatMap(cartridge)
  }

  private static func cartridge(_ row: Row) -> CartridgeEntry? {
    guard let expiry = CalendarDate(row["expiry"] as String) else { return nil }
    return CartridgeEntry(
      id: row["id"],
      label: CartridgeLabel(
        maker: row["maker"], name: row["name"], lot: row["lot"], serial: row["serial"], expiry: expiry,
        lifeStrokes: UInt64(clamping: row["life_strokes"] as Int64)),
      usedStrokes: UInt64(clamping: row["used_strokes"] as Int64), client: row["client_code"],
      firstUsedAt: WallTime(microseconds: row["first_used_at_us"]))
  }

  private static func pigment(_ row: Row) -> PigmentEntry? {
    guard let expiry = CalendarDate(row["expiry"] as String) else { return nil }
    return PigmentEntry(
      id: row["id"],
      label: PigmentLabel(
        maker: row["maker"], name: row["name"], shade: row["shade"], lot: row["lot"], expiry: expiry),
      firstUsedAt: WallTime(microseconds: row["first_used_at_us"]))
  }
}
