import GRDB
import SessionLog
import Testing
import Units

@testable import Catalog

@Suite struct AuditTests {
  private func chain(_ test: TestCatalog, _ length: Int) throws -> [AuditHead] {
    try (0..<length).map { index in
      try test.catalog.appendAudit(
        AuditEntry(
          at: test.now + .seconds(Int64(index)), actor: "uid=1000", role: "technician", verb: "Arm",
          detail: "\(index)"))
    }
  }

  /// Changes the table as someone with the file and no scruples would.
  private func tamper(_ test: TestCatalog, _ sql: String) throws {
    let other = try DatabaseQueue(path: test.path)
    try other.write { db in
      try db.execute(sql: "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks; \(sql)")
    }
  }

  @Test func anUntouchedChainHolds() throws {
    let test = try TestCatalog()
    let heads = try chain(test, 20)
    let verdict = try test.catalog.verifyAudit(head: heads[4].hash)
    #expect(verdict.holds)
    #expect(verdict.head == heads[19])
    #expect(try test.catalog.audit(after: 18).map(\.entry.detail) == ["18", "19"])
  }

  @Test func theTableItselfRefusesChanges() throws {
    let test = try TestCatalog()
    _ = try chain(test, 2)
    #expect(throws: CatalogError.self) { try test.catalog.write { try $0.execute(sql: "DELETE FROM audit") } }
    #expect(throws: CatalogError.self) {
      try test.catalog.write { try $0.execute(sql: "UPDATE audit SET role = ''") }
    }
  }

  @Test func aChangedEntryIsNamed() throws {
    let test = try TestCatalog()
    _ = try chain(test, 10)
    try tamper(test, "UPDATE audit SET detail = 'x' WHERE sequence = 4")
    #expect(try test.catalog.verifyAudit().problem?.sequence == 4)
  }

  @Test func aMissingEntryIsNamed() throws {
    let test = try TestCatalog()
    _ = try chain(test, 10)
    try tamper(test, "DELETE FROM audit WHERE sequence = 7")
    #expect(try test.catalog.verifyAudit().problem?.sequence == 7)
  }

  @Test func swappedEntriesAreNamed() throws {
    let test = try TestCatalog()
    _ = try chain(test, 10)
    try tamper(
      test,
      """
      UPDATE audit SET sequence = 100 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 5;
      UPDATE audit SET sequence = 5 WHERE sequence = 100
      """)
    #expect(try test.catalog.verifyAudit().problem?.sequence == 3)
  }

  @Test func aCutTailIsSeenOnlyAgainstAKeptHead() throws {
    let test = try TestCatalog()
    let heads = try chain(test, 10)
    try tamper(test, "DELETE FROM audit WHERE sequence > 8")
    #expect(try test.catalog.verifyAudit().holds)
    let verdict = try test.catalog.verifyAudit(head: heads[9].hash)
    #expect(verdict.problem?.sequence == 8)
    #expect(verdict.problem?.reason.contains("cut off") == true)
  }

  @Test func fieldsCannotBorrowFromEachOther() throws {
    let time = WallTime(sinceEpoch: .zero)
    let one = AuditEntry(at: time, actor: "ab", role: "c", verb: "", detail: "")
    let other = AuditEntry(at: time, actor: "a", role: "bc", verb: "", detail: "")
    #expect(try one.hash(sequence: 1, previous: nil) != other.hash(sequence: 1, previous: nil))
  }

  @Test func aChangedSessionFileIsNamed() throws {
    let test = try TestCatalog()
    try test.open()
    try test.catalog.closeSession(
      "s1", at: test.now, by: "anna", totals: SessionTotals(), fileHash: SHA256Digest.of([1]))
    #expect(try test.catalog.verifyAudit().holds)
    let verdict = try test.catalog.verifyAudit(sessions: "/nonexistent")
    #expect(verdict.problem?.reason.contains("/nonexistent/s1.mcap") == true)
  }
}
