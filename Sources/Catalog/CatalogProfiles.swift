import GRDB
import SessionLog
public import Units

// Every version of a needle profile that was ever in force or proposed. Each change and its line in the audit are one transaction.
extension Catalog {
  /// Keeps what the machine's files hold now: a text that is not the one read last becomes a new version, in force unless a technician's own
  /// version is. Texts that are not UTF-8 profiles are the caller's to leave out. Returns the new versions; `audit` is asked for one line
  /// that names them.
  public func importProfiles(
    _ texts: [NewProfileVersion], at time: WallTime,
    audit: @escaping @Sendable ([ProfileVersion]) -> AuditEntry
  ) throws(CatalogError) -> [ProfileVersion] {
    try write { db in
      var imported: [ProfileVersion] = []
      for new in texts {
        let known = try Self.versions(of: new.profile, db)
        let lastRead = known.last { $0.state == .shipped || $0.state == .setAside }
        guard lastRead?.text != new.text else { continue }
        let inForce = known.last { $0.state.isConfirmed }
        let isEdited = inForce.map { $0.text != lastRead?.text } ?? false
        imported.append(try Self.insert(new, isEdited ? .setAside : .shipped, at: time, db))
      }
      if !imported.isEmpty { _ = try Self.append(audit(imported), db) }
      return imported
    }
  }

  /// Keeps a version that is tried out from now on. Throws `.refused` while another one is.
  public func proposeProfile(
    _ new: NewProfileVersion, at time: WallTime, audit: @escaping @Sendable (ProfileVersion) -> AuditEntry
  ) throws(CatalogError) -> ProfileVersion {
    try write { db in
      if let row = try Row.fetchOne(db, sql: "SELECT * FROM profile_version WHERE state = 'proposed'"),
        let other = try Self.version(row)
      {
        throw CatalogRefusal.profileProposed(title: other.title)
      }
      let version = try Self.insert(new, .proposed, at: time, db)
      _ = try Self.append(audit(version), db)
      return version
    }
  }

  /// Decides on a proposed version: confirmed, rejected or rolled back. Throws `.refused` when it is not proposed any more.
  public func decideProfile(
    _ id: Int64, _ state: ProfileVersionState, reason: String = "", at time: WallTime, by actor: String,
    audit: AuditEntry
  ) throws(CatalogError) -> ProfileVersion {
    try write { db in
      guard
        let row = try Row.fetchOne(db, sql: "SELECT * FROM profile_version WHERE id = ?", arguments: [id]),
        let version = try Self.version(row)
      else { throw CatalogRefusal.noSuchRow(what: "profile version", id: id) }
      guard version.state == .proposed else {
        throw CatalogRefusal.profileDecided(title: version.title, state: version.state.rawValue)
      }
      try Self.decide(version, state, reason: reason, at: time, by: actor, db)
      _ = try Self.append(audit, db)
      return try Self.existingVersion(id, db)
    }
  }

  /// Rolls back what a process left proposed that died. Returns the versions; `audit` is asked for a line on each.
  public func rollBackProposals(
    reason: String, at time: WallTime, by actor: String,
    audit: @escaping @Sendable (ProfileVersion) -> AuditEntry
  ) throws(CatalogError) -> [ProfileVersion] {
    try write { db in
      let left = try Row.fetchAll(db, sql: "SELECT * FROM profile_version WHERE state = 'proposed'")
      return try left.compactMap(Self.version).map { version in
        try Self.decide(version, .rolledBack, reason: reason, at: time, by: actor, db)
        _ = try Self.append(audit(version), db)
        return try Self.existingVersion(version.id, db)
      }
    }
  }

  /// Puts the text of an earlier version in force again, as a version of its own.
  public func restoreProfile(
    _ new: NewProfileVersion, at time: WallTime, audit: @escaping @Sendable (ProfileVersion) -> AuditEntry
  ) throws(CatalogError) -> ProfileVersion {
    try write { db in
      let version = try Self.insert(new, .restored, at: time, db)
      _ = try Self.append(audit(version), db)
      return version
    }
  }

  /// All versions of a profile, oldest first. Throws `.corrupt` for a text that is not the one that was kept.
  public func profileVersions(of profile: String) throws(CatalogError) -> [ProfileVersion] {
    let path = path
    return try read { db in
      let versions = try Self.versions(of: profile, db)
      for version in versions where try SHA256Digest.of(Array(version.text.utf8)) != version.hash {
        throw CatalogError.corrupt(path: path, findings: ["\(version.title) was changed after it was kept"])
      }
      return versions
    }
  }

  /// What was in force in a session, in its order.
  public func settings(of session: String) throws(CatalogError) -> [SettingEntry] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM setting WHERE session_id = ? ORDER BY id", arguments: [session]
      )
      .map { row in
        SettingEntry(
          profile: row["profile"], version: UInt32(clamping: row["version"] as Int64),
          versionID: row["profile_version_id"], figures: row["figures"],
          from: WallTime(microseconds: row["from_at_us"]))
      }
    }
  }

  private static func insert(
    _ new: NewProfileVersion, _ state: ProfileVersionState, at time: WallTime, _ db: Database
  ) throws -> ProfileVersion {
    let last = try Int64.fetchOne(
      db, sql: "SELECT max(number) FROM profile_version WHERE profile = ?", arguments: [new.profile])
    let isDecided = state != .proposed
    try db.execute(
      sql: """
        INSERT INTO profile_version
          (profile, number, text, sha256, state, based_on, changes, actor, at_us, decided_by, decided_at_us, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
        """,
      arguments: [
        new.profile, (last ?? 0) + 1, new.text, try SHA256Digest.of(Array(new.text.utf8)).description,
        state.rawValue, new.basedOn.map { Int64($0) }, new.changes, new.actor, time.microseconds,
        isDecided ? new.actor : nil, isDecided ? time.microseconds : nil,
      ])
    return try existingVersion(db.lastInsertedRowID, db)
  }

  private static func decide(
    _ version: ProfileVersion, _ state: ProfileVersionState, reason: String, at time: WallTime,
    by actor: String, _ db: Database
  ) throws {
    try db.execute(
      sql: "UPDATE profile_version SET state = ?, reason = ?, decided_at_us = ?, decided_by = ? WHERE id = ?",
      arguments: [state.rawValue, reason, time.microseconds, actor, version.id])
  }

  private static func versions(of profile: String, _ db: Database) throws -> [ProfileVersion] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM profile_version WHERE profile = ? ORDER BY number", arguments: [profile]
    ).compactMap(version)
  }

  private static func existingVersion(_ id: Int64, _ db: Database) throws -> ProfileVersion {
    let row = try Row.fetchOne(db, sql: "SELECT * FROM profile_version WHERE id = ?", arguments: [id])
    guard let version = try row.flatMap(version) else {
      throw CatalogRefusal.noSuchRow(what: "profile version", id: id)
    }
    return version
  }

  /// `nil` for a state that only a newer version of this program knows.
  private static func version(_ row: Row) throws -> ProfileVersion? {
    guard let state = ProfileVersionState(rawValue: row["state"]),
      let hash = SHA256Digest(hexadecimal: row["sha256"])
    else { return nil }
    return ProfileVersion(
      id: row["id"], profile: row["profile"], number: UInt32(clamping: row["number"] as Int64),
      text: row["text"], hash: hash, state: state,
      basedOn: (row["based_on"] as Int64?).map { UInt32(clamping: $0) }, changes: row["changes"],
      actor: row["actor"], at: WallTime(microseconds: row["at_us"]), decidedBy: row["decided_by"],
      decidedAt: (row["decided_at_us"] as Int64?).map { WallTime(microseconds: $0) }, reason: row["reason"])
  }
}
