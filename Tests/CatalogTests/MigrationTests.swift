import GRDB
import SessionLog
import Testing
import Units

@testable import Catalog

/// A catalog that an earlier version made keeps what it holds.
@Suite struct MigrationTests {
  @Test func clientsOfACatalogWithoutARegisterComeFromTheirSessions() throws {
    let path = "/tmp/stipple-migration-\(UInt64.random(in: .min ... .max)).sqlite"
    defer { TestCatalog.remove(path) }
    let old = try DatabaseQueue(path: path)
    try Migrations.all.migrate(old, upTo: "1: sessions, zones, materials, faults, audit")
    try old.write { db in
      for (id, client, opened) in [("a", "K-1", 20), ("b", "K-2", 30), ("c", "K-1", 10), ("d", nil, 40)] {
        try db.execute(
          sql: """
            INSERT INTO session (id, client_code, plan, machine, machine_profile, opened_by, opened_at_us, state)
            VALUES (?, ?, '', 'm', 'p', 'anna', ?, 'abandoned')
            """, arguments: [id, client, opened])
      }
      try db.execute(
        sql: """
          INSERT INTO session_zone (session_id, name, attributes, area_mm2, target_per_cm2, ceiling_per_cm2, budget_dots, dots, set_at_us)
          VALUES ('a', 'crown', '', 100, 0, 40, 40, 7, 20)
          """)
    }
    try old.close()
    let catalog = try Catalog(path: path)
    #expect(try catalog.client("K-1")?.createdAt == WallTime(microseconds: 10), "its first session")
    #expect(try catalog.client("K-2")?.sessions == 1)
    #expect(try catalog.clients().count == 2)
    #expect(try catalog.history(zone: "crown", client: "K-1", plan: "", before: "x").planDots == 7)
    #expect(try catalog.session("a")?.stage == nil)
    try catalog.checkIntegrity()
  }

  @Test func settingsOfACatalogWithoutProfileVersionsStayAndReferToNone() throws {
    let path = "/tmp/stipple-migration-\(UInt64.random(in: .min ... .max)).sqlite"
    defer { TestCatalog.remove(path) }
    let old = try DatabaseQueue(path: path)
    try Migrations.all.migrate(old, upTo: "3: calibrations")
    try old.write { db in
      try db.execute(
        sql: """
          INSERT INTO session (id, plan, machine, machine_profile, opened_by, opened_at_us, state)
          VALUES ('a', '', 'm', 'p', 'anna', 10, 'abandoned');
          INSERT INTO setting (session_id, profile, version, figures, from_at_us) VALUES ('a', 'soft', 7, 'dot 90 Hz', 20);
          """)
    }
    try old.close()
    let catalog = try Catalog(path: path)
    let settings = try catalog.settings(of: "a")
    #expect(settings.map(\.profile) == ["soft"])
    #expect(settings.map(\.figures) == ["dot 90 Hz"])
    #expect(settings.map(\.versionID) == [nil], "it was made before versions were kept")
    #expect(try catalog.profileVersions(of: "soft") == [])
    try catalog.checkIntegrity()
  }

  @Test func aReaderChangesNothingAndReadsBesideTheWriter() throws {
    let test = try TestCatalog()
    try test.open()
    let reader = try Catalog(reading: test.path)
    #expect(try reader.session("s1")?.client == "C-1")
    try test.catalog.abandonSession("s1", at: test.now, by: "anna", reason: "lost")
    #expect(try reader.session("s1")?.state == .abandoned, "what is committed is seen at once")
    #expect(throws: CatalogError.self) { try reader.createClient("X", at: test.now, by: "anna") }
    #expect(throws: CatalogError.self) { _ = try Catalog(reading: "/nonexistent/catalog.sqlite") }
  }
}
