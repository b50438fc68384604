import GRDB
import SessionLog
import Testing
import Units

@testable import Catalog

/// Every version of a profile that was ever proposed or in force.
@Suite struct ProfileVersionTests {
  private func entry(_ verb: String, _ detail: String = "") -> AuditEntry {
    AuditEntry(
      at: WallTime(microseconds: 5), actor: "uid 1000", role: "technician", verb: verb, detail: detail)
  }

  private func read(_ test: TestCatalog, _ texts: [String: String]) throws -> [ProfileVersion] {
    try test.catalog.importProfiles(
      texts.sorted { $0.key < $1.key }.map {
        NewProfileVersion(profile: $0.key, text: $0.value, actor: "stippled")
      },
      at: test.now
    ) { versions in entry("profile.import", versions.map(\.title).joined(separator: ", ")) }
  }

  private func propose(_ test: TestCatalog, _ text: String, of profile: String = "soft") throws
    -> ProfileVersion
  {
    try test.catalog.proposeProfile(
      NewProfileVersion(profile: profile, text: text, basedOn: 1, changes: "depth", actor: "uid 1000"),
      at: test.now
    ) { entry("profile.propose", $0.title) }
  }

  private func decide(
    _ test: TestCatalog, _ version: ProfileVersion, _ state: ProfileVersionState, _ reason: String = ""
  ) throws {
    _ = try test.catalog.decideProfile(
      version.id, state, reason: reason, at: test.now, by: "uid 1000",
      audit: entry("profile.\(state.rawValue)"))
  }

  private func states(_ test: TestCatalog, _ profile: String = "soft") throws -> [ProfileVersionState] {
    try test.catalog.profileVersions(of: profile).map(\.state)
  }

  @Test func filesAreReadInAsVersionOneAndAgainOnlyWhenTheyChange() throws {
    let test = try TestCatalog()
    #expect(try read(test, ["soft": "a", "hard": "b"]).map(\.title) == ["hard version 1", "soft version 1"])
    #expect(
      try read(test, ["soft": "a", "hard": "b"]) == [], "nothing is new, and no line in the audit says so")
    #expect(try read(test, ["soft": "a2", "hard": "b"]).map(\.title) == ["soft version 2"])
    #expect(try states(test) == [.shipped, .shipped])
    #expect(try test.catalog.profileVersions(of: "soft").map(\.text) == ["a", "a2"])
    #expect(
      try test.catalog.audit().map(\.entry.detail) == ["hard version 1, soft version 1", "soft version 2"])
  }

  @Test func aChangedFileLeavesATechniciansVersionInForce() throws {
    let test = try TestCatalog()
    _ = try read(test, ["soft": "a"])
    try decide(test, try propose(test, "mine"), .confirmed)
    #expect(try read(test, ["soft": "a2"]).map(\.state) == [.setAside])
    #expect(try read(test, ["soft": "a2"]) == [], "it is known now")
    #expect(try states(test) == [.shipped, .confirmed, .setAside])
    let inForce = try test.catalog.profileVersions(of: "soft").last { $0.state.isConfirmed }
    #expect(inForce?.text == "mine")
  }

  @Test func aFileThatChangesAfterItsTextWasRestoredIsTakenUp() throws {
    let test = try TestCatalog()
    _ = try read(test, ["soft": "a"])
    try decide(test, try propose(test, "mine"), .confirmed)
    _ = try test.catalog.restoreProfile(
      NewProfileVersion(profile: "soft", text: "a", basedOn: 1, actor: "uid 1000"), at: test.now
    ) { entry("profile.restore", $0.title) }
    #expect(try read(test, ["soft": "a2"]).map(\.state) == [.shipped])
  }

  @Test func oneVersionAtMostIsProposedAndIsDecidedOnOnce() throws {
    let test = try TestCatalog()
    _ = try read(test, ["soft": "a", "hard": "b"])
    let first = try propose(test, "mine")
    #expect(first.number == 2)
    #expect(first.decidedAt == nil)
    #expect(throws: CatalogError.refused(.profileProposed(title: "soft version 2"))) {
      _ = try propose(test, "other", of: "hard")
    }
    try decide(test, first, .rejected, "too deep")
    #expect(throws: CatalogError.refused(.profileDecided(title: "soft version 2", state: "rejected"))) {
      try decide(test, first, .confirmed)
    }
    #expect(try propose(test, "mine").number == 3, "numbers are never used twice")
    #expect(try test.catalog.profileVersions(of: "soft")[1].reason == "too deep")
  }

  @Test func whatADeadProcessLeftProposedIsRolledBackWithALineInTheAudit() throws {
    let test = try TestCatalog()
    _ = try read(test, ["soft": "a"])
    _ = try propose(test, "mine")
    let left = try test.catalog.rollBackProposals(reason: "died", at: test.now, by: "stippled") {
      entry("profile.rollback", $0.title)
    }
    #expect(left.map(\.state) == [.rolledBack])
    #expect(try states(test) == [.shipped, .rolledBack])
    #expect(try test.catalog.audit().last?.entry.detail == "soft version 2")
    #expect(try test.catalog.rollBackProposals(reason: "", at: test.now, by: "") { _ in entry("x") } == [])
    #expect(try test.catalog.verifyAudit().holds)
  }

  @Test func aVersionIsNeitherChangedNorDeletedByAnyProgram() throws {
    let test = try TestCatalog()
    _ = try read(test, ["soft": "a"])
    for sql in [
      "DELETE FROM profile_version", "UPDATE profile_version SET text = 'b'",
      "UPDATE profile_version SET state = 'rejected'",
    ] {
      #expect(throws: CatalogError.self, "\(sql)") {
        try test.catalog.write { db in try db.execute(sql: sql) }
      }
    }
  }

  @Test func aTextThatWasChangedBehindTheCatalogsBackIsNotGiven() throws {
    let test = try TestCatalog()
    _ = try read(test, ["soft": "depth: 0.5 mm"])
    try test.catalog.write { db in
      try db.execute(sql: "DROP TRIGGER profile_version_is_decided_once")
      try db.execute(sql: "UPDATE profile_version SET text = 'depth: 1.5 mm'")
    }
    #expect(
      throws: CatalogError.corrupt(
        path: test.path, findings: ["soft version 1 was changed after it was kept"])
    ) { _ = try test.catalog.profileVersions(of: "soft") }
  }

  @Test func aSessionNamesTheVersionsItRan() throws {
    let test = try TestCatalog()
    try test.open()
    let version = try #require(try read(test, ["soft": "a"]).first)
    try test.catalog.recordSetting(
      profile: "soft", version: version.number, versionID: version.id, figures: "f", in: "s1", at: test.now)
    let settings = try test.catalog.settings(of: "s1")
    #expect(settings.map(\.versionID) == [version.id])
    #expect(settings.map(\.version) == [1])
    #expect(throws: CatalogError.self, "a version that is not kept") {
      try test.catalog.recordSetting(
        profile: "soft", version: 9, versionID: 99, figures: "f", in: "s1", at: test.now)
    }
  }
}
