import GRDB
import SessionLog
import Units

extension Catalog {
  /// Keeps a calibration; returns it with its number. Earlier ones stay.
  public func saveCalibration(_ entry: CalibrationEntry) throws(CatalogError) -> CalibrationEntry {
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO calibration (at_us, actor, machine, machine_sha256, zero_um, one_shot_ns, figures, sha256)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          entry.at.microseconds, entry.actor, entry.machine, entry.machineHash.description,
          Int64(entry.zero.count), entry.oneShot?.count, entry.figures, entry.hash.description,
        ])
      var saved = entry
      saved.id = db.lastInsertedRowID
      return saved
    }
  }

  /// The newest calibration of a machine, `nil` when there is none. Throws `.corrupt` for a row that is not what was saved.
  public func lastCalibration(of machine: String) throws(CatalogError) -> CalibrationEntry? {
    let path = path
    return try read { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT * FROM calibration WHERE machine = ? ORDER BY id DESC LIMIT 1",
          arguments: [machine])
      else { return nil }
      let id: Int64 = row["id"]
      guard let machineHash = SHA256Digest(hexadecimal: row["machine_sha256"]),
        let hash = SHA256Digest(hexadecimal: row["sha256"])
      else { throw CatalogError.corrupt(path: path, findings: ["calibration \(id) has no hash"]) }
      let entry = CalibrationEntry(
        id: id, at: WallTime(microseconds: row["at_us"]), actor: row["actor"], machine: row["machine"],
        machineHash: machineHash, zero: Micrometres(Int32(clamping: row["zero_um"] as Int64)),
        oneShot: (row["one_shot_ns"] as Int64?).map { Nanoseconds($0) }, figures: row["figures"], hash: hash)
      guard try entry.isIntact() else {
        throw CatalogError.corrupt(path: path, findings: ["calibration \(id) was changed after it was saved"])
      }
      return entry
    }
  }
}
