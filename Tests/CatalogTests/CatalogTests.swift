import GRDB
import Glibc
import SessionLog
import Testing
import Units

@testable import Catalog

/// A catalog in a file of its own, removed with it.
final class TestCatalog {
  let catalog: Catalog
  let path: String
  let now = WallTime(sinceEpoch: .seconds(1_795_165_200))
  let today: CalendarDate
  let expiry: CalendarDate

  init() throws {
    path = "/tmp/stipple-catalog-\(UInt64.random(in: .min ... .max)).sqlite"
    catalog = try Catalog(path: path)
    today = CalendarDate(now)
    expiry = try #require(CalendarDate("2027-05-31"))
  }

  deinit { Self.remove(path) }

  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
  }

  func open(_ id: String = "s1", client: String? = "C-1") throws {
    if let client, try catalog.client(client) == nil {
      try catalog.createClient(client, at: now, by: "anna")
    }
    try catalog.openSession(
      NewSession(id: id, client: client, machine: "m", machineProfile: "virtual-linear", openedBy: "anna"),
      at: now)
  }

  func label(serial: String? = "77", expiry: CalendarDate? = nil) -> CartridgeLabel {
    CartridgeLabel(
      maker: "N", name: "1RL 0.30", lot: "L1", serial: serial, expiry: expiry ?? self.expiry,
      lifeStrokes: 1_000)
  }

  var hash: SHA256Digest { get throws { try SHA256Digest.of([1]) } }
}

@Suite struct CatalogTests {
  /// 2 is FULL: each commit is on the disk when it returns, and so survives a power cut. 1 would be the library's own NORMAL.
  @Test func everyCommitIsSynchronised() throws {
    let test = try TestCatalog()
    let level = try test.catalog.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    #expect(level == 2)
    let mode = try test.catalog.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    #expect(mode == "wal")
    let overwrites = try test.catalog.queue.read { try Int.fetchOne($0, sql: "PRAGMA secure_delete") }
    #expect(overwrites == 1)
  }

  @Test func oneSessionAtATime() throws {
    let test = try TestCatalog()
    #expect(try test.catalog.currentSession() == nil)
    try test.open()
    #expect(try test.catalog.currentSession()?.id == "s1")
    #expect(throws: CatalogError.refused(.sessionAlreadyOpen(id: "s1"))) { try test.open("s2") }
    try test.catalog.abandonSession("s1", at: test.now, by: "anna", reason: "lost")
    try test.open("s2")
    #expect(try test.catalog.sessions().map(\.id) == ["s2", "s1"])
    #expect(try test.catalog.session("s1")?.state == .abandoned)
  }

  @Test func anOpenSessionSurvivesAReopenedCatalog() throws {
    let test = try TestCatalog()
    try test.open()
    try test.catalog.resumeSession("s1", segments: 2)
    let again = try Catalog(path: test.path)
    #expect(try again.currentSession()?.segments == 2)
  }

  @Test func closingBindsTheFileToTheChain() throws {
    let test = try TestCatalog()
    try test.open()
    let head = try test.catalog.closeSession(
      "s1", at: test.now, by: "anna", totals: SessionTotals(strokes: 9, dots: 3), fileHash: test.hash)
    #expect(head.length == 1)
    #expect(try test.catalog.session("s1")?.fileHash == test.hash)
    #expect(try test.catalog.session("s1")?.totals.strokes == 9)
    #expect(try test.catalog.lastFileHash() == test.hash)
    #expect(throws: CatalogError.refused(.sessionNotOpen(id: "s1", state: "closed"))) {
      try test.catalog.closeSession(
        "s1", at: test.now, by: "anna", totals: SessionTotals(), fileHash: test.hash)
    }
  }

  @Test func aZoneSetAgainKeepsItsTotals() throws {
    let test = try TestCatalog()
    try test.open()
    var zone = ZoneSetting(name: "crown", area: SquareMillimetres(950), targetDensity: 30, ceilingDensity: 40)
    #expect(zone.budget == 380)
    try test.catalog.setZone(zone, in: "s1", at: test.now)
    try test.catalog.setZoneTotals(
      ZoneTotals(dots: 100, uncertainDots: 20, strokes: 200), zone: "crown", in: "s1")
    zone.attributes = "scar"
    zone.ceilingDensity = 20
    let entry = try test.catalog.setZone(zone, in: "s1", at: test.now)
    #expect(entry.budget == 190)
    #expect(entry.dotsSpent == 120)
    #expect(try test.catalog.zones(of: "s1") == [entry])
    #expect(throws: CatalogError.refused(.noSuchZone(name: "nape"))) {
      try test.catalog.setZoneTotals(ZoneTotals(), zone: "nape", in: "s1")
    }
  }

  @Test func aCartridgeIsForOneClient() throws {
    let test = try TestCatalog()
    try test.open()
    let first = try test.catalog.registerCartridge(test.label(), in: "s1", at: test.now, today: test.today)
    let again = try test.catalog.registerCartridge(test.label(), in: "s1", at: test.now, today: test.today)
    #expect(again.id == first.id)
    try test.catalog.abandonSession("s1", at: test.now, by: "a", reason: "")
    try test.open("s2", client: "C-2")
    #expect(throws: CatalogError.refused(.cartridgeOfAnotherClient(lot: "L1", serial: "77"))) {
      _ = try test.catalog.registerCartridge(test.label(), in: "s2", at: test.now, today: test.today)
    }
    let unnumbered = try test.catalog.registerCartridge(
      test.label(serial: nil), in: "s2", at: test.now, today: test.today)
    #expect(unnumbered.client == "C-2")
  }

  @Test func anExpiredOrSpentCartridgeIsRefused() throws {
    let test = try TestCatalog()
    try test.open()
    // Good on the day itself, refused the day after.
    let cartridge = try test.catalog.registerCartridge(
      test.label(expiry: test.today), in: "s1", at: test.now, today: test.today)
    let yesterday = try #require(CalendarDate("2026-11-19"))
    #expect(throws: CatalogError.refused(.cartridgeExpired(lot: "L1", expiry: yesterday))) {
      _ = try test.catalog.registerCartridge(
        test.label(expiry: yesterday), in: "s1", at: test.now, today: test.today)
    }
    try test.catalog.setCartridgeStrokes(999, cartridge: cartridge.id)
    _ = try test.catalog.registerCartridge(test.label(), in: "s1", at: test.now, today: test.today)
    try test.catalog.setCartridgeStrokes(1_000, cartridge: cartridge.id)
    try test.catalog.setCartridgeStrokes(5, cartridge: cartridge.id)
    #expect(throws: CatalogError.refused(.cartridgeSpent(lot: "L1", strokes: 1_000, life: 1_000))) {
      _ = try test.catalog.registerCartridge(test.label(), in: "s1", at: test.now, today: test.today)
    }
  }

  @Test func aPigmentsEarlierDateCounts() throws {
    let test = try TestCatalog()
    try test.open()
    var label = PigmentLabel(maker: "K", name: "g", shade: "ash", lot: "B1", expiry: test.today)
    _ = try test.catalog.registerPigment(label, dilution: "1:3", in: "s1", at: test.now, today: test.today)
    label.expiry = test.expiry
    let tomorrow = try #require(CalendarDate("2026-11-21"))
    #expect(throws: CatalogError.refused(.pigmentExpired(lot: "B1", expiry: test.today))) {
      _ = try test.catalog.registerPigment(label, dilution: "1:3", in: "s1", at: test.now, today: tomorrow)
    }
    #expect(try test.catalog.materials(of: "s1").count == 1)
  }

  @Test func faultsKeepTheirFirstAcknowledgement() throws {
    let test = try TestCatalog()
    try test.open()
    let id = try test.catalog.recordFault(
      "stall", priority: .high, session: "s1", firstSeenAt: test.now, evidence: "NEEDLE_HOME silent for 20 ms"
    )
    #expect(try test.catalog.openFaults().map(\.code) == ["stall"])
    try test.catalog.acknowledgeFault(id, at: test.now + .seconds(1), by: "anna")
    try test.catalog.acknowledgeFault(id, at: test.now + .seconds(9), by: "bert")
    #expect(try test.catalog.openFaults() == [])
    #expect(try test.catalog.faults(of: "s1").first?.acknowledgedBy == "anna")
    #expect(throws: CatalogError.refused(.noSuchRow(what: "fault", id: 99))) {
      try test.catalog.acknowledgeFault(99, at: test.now, by: "anna")
    }
  }

  @Test func theNewestTimeIsOverEverything() throws {
    let test = try TestCatalog()
    #expect(try test.catalog.newestRecordTime() == nil)
    try test.open()
    #expect(try test.catalog.newestRecordTime() == test.now)
    try test.catalog.recordFault(
      "x", priority: .low, session: nil, firstSeenAt: test.now + .hours(2), evidence: "")
    #expect(try test.catalog.newestRecordTime() == test.now + .hours(2))
  }

  @Test func aFileThatIsNoCatalogIsRefusedWithItsPath() throws {
    #expect(throws: CatalogError.self) { _ = try Catalog(path: "/nonexistent/c.sqlite") }
    let test = try TestCatalog()
    try test.open()
    let later = try DatabaseQueue(path: test.path)
    try later.write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: of a later version')")
    }
    do {
      _ = try Catalog(path: test.path)
      Issue.record("a newer catalog was opened")
    } catch { #expect("\(error)".contains("newer version")) }
  }
}
