import Catalog
import ControlLoop
import NeedleSafety
import SessionLog
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@testable import Treatment

/// Rules that need history: what earlier sessions mean for the one at hand.
@Suite struct HistoryTests {
  static let service = Author(userID: 0, groupID: 0, processID: 1, process: "test", role: "service")

  /// A session that made dots in the hairline and was closed; returns the dots.
  private func treat(_ practice: Practice, for stretch: Nanoseconds = .seconds(3)) async throws -> UInt64 {
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(stretch)
    try await practice.perform(.pedal(down: false))
    try await practice.pass(.milliseconds(400))
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    return try await practice.asking { try await $0.close(by: Practice.author) }.dots
  }

  private func setHairline(
    _ practice: Practice, reason: String? = nil, override: String? = nil, by author: Author = Practice.author
  ) async throws -> (zone: ZoneWork, warnings: [String]) {
    try await practice.asking {
      try await $0.setZone(
        .hairline, attributes: nil, area: .squareCentimetres(12), reason: reason, overrideReason: override,
        by: author)
    }
  }

  private func refusal(_ body: () async throws -> Void) async throws -> TreatmentError {
    do {
      try await body()
    } catch let error as TreatmentError {
      return error
    }
    throw Missing()
  }

  @Test(arguments: [(14, true), (13, false)])
  func fromFourteenDaysOnAZoneNeedsNoReason(_ days: Int64, _ isFree: Bool) async throws {
    let folder = try TemporaryFolder()
    _ = try await treat(try await Practice(folder: folder))
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .hours(24 * days))
    try await practice.openForClient()
    if isFree {
      #expect(try await setHairline(practice).warnings == [])
      return
    }
    let error = try await refusal { _ = try await setHairline(practice) }
    #expect(
      error
        == .invalidValue(
          field: "reason", value: "",
          limit: "hairline was worked 13 days ago; under 14 days it takes a reason"))
    let set = try await setHairline(practice, reason: "healed well")
    #expect(set.warnings == ["hairline was worked 13 days ago; under 14 days it takes a reason"])
    #expect(try await lastAudit(practice) == "hairline 12 cm²; allowed because: healed well")
  }

  @Test func underSevenDaysOnlyTheServiceRoleMayGoOnWithAReasonThatIsAudited() async throws {
    let folder = try TemporaryFolder()
    _ = try await treat(try await Practice(folder: folder))
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .hours(24 * 6))
    let opened = try await practice.openForClient()
    #expect(opened.warnings == ["no consent is recorded for this client"], "no plan, so no zone is expected")
    guard
      case .invalidValue("override_reason", "", _) = try await refusal({
        _ = try await setHairline(practice, reason: "healed well")
      })
    else { throw Missing() }
    #expect(
      try await refusal { _ = try await setHairline(practice, override: "doctor agreed") }
        == .notAuthorized(role: "service"))
    let set = try await setHairline(practice, override: "doctor agreed", by: Self.service)
    #expect(set.warnings.count == 1)
    #expect(try await lastAudit(practice) == "hairline 12 cm²; allowed because: doctor agreed")
    // Another zone of the same client is free.
    let temple = try await practice.asking {
      try await $0.setZone(
        .leftTemple, attributes: nil, area: .squareCentimetres(8), by: Practice.author)
    }
    #expect(temple.warnings == [])
    #expect(try await setHairline(practice).warnings == [], "what was allowed once stays allowed")
  }

  private func lastAudit(_ practice: Practice) async throws -> String? {
    let catalog = practice.desk.catalog
    return try catalog.audit(after: try catalog.auditHead().length - 1).first?.entry.detail
  }

  /// A client who had so many dots in 12 cm² of hairline a month ago.
  private func practice(dotsBefore dots: UInt32) async throws -> Practice {
    let practice = try await Practice(folder: TemporaryFolder())
    let catalog = practice.desk.catalog
    let then = Practice.bootTime - .hours(24 * 30)
    try catalog.createClient("K-1", at: then, by: "test")
    try catalog.openSession(
      NewSession(id: "old", client: "K-1", machine: "m", machineProfile: "virtual-linear", openedBy: "test"),
      at: then)
    try catalog.setZone(
      ZoneSetting(name: "hairline", area: .squareCentimetres(12), ceilingDensity: 80), in: "old", at: then)
    try catalog.setZoneTotals(ZoneTotals(dots: dots - 1, uncertainDots: 1), zone: "hairline", in: "old")
    try catalog.closeSession(
      "old", at: then, by: "test", totals: SessionTotals(), fileHash: SHA256Digest.of([1]))
    try await practice.openForClient()
    return practice
  }

  @Test func theWholePlanLeavesFewerDotsThanTheSession() async throws {
    let practice = try await practice(dotsBefore: 195 * 12)
    let set = try await setHairline(practice)
    #expect(set.zone.budget == 60, "12 cm² × 200 less 2,340")
    #expect(set.warnings == ["hairline has 195 dots per cm² over its plan; more than 150 is not advised"])
  }

  @Test(arguments: [(149, 0), (150, 1)])
  func upTo150DotsPerSquareCentimetreNothingIsSaid(_ density: UInt32, _ warnings: Int) async throws {
    #expect(try await setHairline(practice(dotsBefore: density * 12)).warnings.count == warnings)
  }

  @Test func aPlanWhoseCeilingIsReachedIsRefused() async throws {
    let practice = try await practice(dotsBefore: 200 * 12)
    #expect(
      try await refusal { _ = try await setHairline(practice) }
        == .invalidValue(
          field: "zone", value: "hairline",
          limit: "its plan allows 200 dots per cm², and 2400 dots were made"))
  }

  @Test func theLoopEndsTheRunWhereThePlanEnds() async throws {
    let practice = try await practice(dotsBefore: 200 * 12 - 4)
    _ = try await setHairline(practice)
    _ = try await practice.asking { try await $0.activate("hairline-soft", by: Practice.author) }
    try await practice.loadMaterials()
    try await practice.asking { try await $0.arm(by: Practice.author) }
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(6))
    #expect(await practice.desk.session?.dots == 4, "2 Hz for 6 s would be 12")
    #expect(practice.bridge.status.read().state == .armed)
  }

  @Test func uncertainDotsCountAtTheirUpperBoundThoughTheSessionWasNeverResumed() async throws {
    let folder = try TemporaryFolder()
    do {
      let practice = try await Practice(folder: folder)
      try await practice.armInHairline()
      try await practice.perform(.pedal(down: true))
      try await practice.pass(.seconds(3))
    }
    let closing = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(5))
    let closed = try await closing.asking { try await $0.close(by: Practice.author) }
    let interval = try #require(closed.uncertain.first)
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .hours(24 * 30))
    try await practice.openForClient()
    let set = try await setHairline(practice)
    #expect(set.zone.planDots == Int64(closed.dots) + Int64(interval.dotsAtMost))
  }

  @Test func aPlanGivesZonesTheirAreasTargetsAndShades() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let by = Practice.author
    _ = try await practice.asking { try await $0.createClient("K-1", by: by) }
    _ = try await practice.asking { try await $0.recordConsent("B-7", client: "K-1", by: by) }
    let plan = try await practice.asking {
      try await $0.createPlan(client: "K-1", style: .soft, minimumIntervalDays: nil, by: by)
    }
    _ = try await practice.asking {
      try await $0.setPlanZone(.crown, attributes: .scar, area: .squareCentimetres(20), plan: plan.id, by: by)
    }
    _ = try await practice.asking {
      try await $0.setPlanStage(.foundation, zone: .crown, density: 30, shade: "ash", plan: plan.id, by: by)
    }
    let opened = try await practice.openForClient()
    #expect(opened.warnings == [])
    #expect(opened.session.entry.plan == plan.id, "the client's only plan")
    #expect(opened.session.entry.stage == .foundation)
    let crown = try await practice.asking {
      try await $0.setZone(.crown, attributes: nil, area: nil, by: by)
    }
    #expect(crown.zone.area == .squareCentimetres(20))
    #expect(crown.zone.attributes == .scar)
    #expect(crown.zone.target == 30)
    let loaded = try await practice.asking {
      try await $0.loadPigment(
        maker: "N", name: "G", shade: "umber", batch: "P1", expires: "2027-01-01", dilutionPercent: 50, by: by
      )
    }
    #expect(loaded.warnings == ["the plan has shade ash for crown; the pigment is shade umber"])
    await #expect(throws: TreatmentError.self, "the area is the plan's") {
      _ = try await practice.asking {
        try await $0.setZone(.crown, attributes: nil, area: .squareCentimetres(40), by: by)
      }
    }
    #expect(
      try await refusal {
        _ = try await practice.asking { try await $0.setZone(.nape, attributes: nil, area: nil, by: by) }
      } == .notFound(kind: "zone in plan \(plan.id)", name: "nape", known: ["crown"]))
  }

  @Test func ofSeveralPlansOneHasToBeNamed() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let by = Practice.author
    _ = try await practice.asking { try await $0.createClient("K-1", by: by) }
    for _ in 1...2 {
      _ = try await practice.asking {
        try await $0.createPlan(client: "K-1", style: .soft, minimumIntervalDays: 30, by: by)
      }
    }
    guard case .invalidValue("plan", "", _) = try await refusal({ try await practice.openForClient() }) else {
      throw Missing()
    }
    #expect(await practice.desk.session == nil)
  }

  @Test func aClientThatWasNotRegisteredIsRefused() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    #expect(
      try await refusal {
        _ = try await practice.asking { try await $0.open(client: "K-9", by: Practice.author) }
      } == .notFound(kind: "client", name: "K-9", known: []))
  }

  @Test func materialsThatExpireAtMidnightAreRefusedAtTheNextArm() async throws {
    // 23:50 UTC; the hairline is armed, and disarmed after midnight.
    let practice = try await Practice(
      folder: TemporaryFolder(), boot: Practice.bootTime + .hours(14) + .minutes(50))
    try await practice.openForClient()
    _ = try await setHairline(practice)
    _ = try await practice.asking { try await $0.activate("hairline-soft", by: Practice.author) }
    _ = try await practice.asking {
      try await $0.loadCartridge(profile: "1rl-030", lot: "C1", expires: "2026-06-01", by: Practice.author)
    }
    _ = try await practice.asking {
      try await $0.loadPigment(
        maker: "N", name: "G", shade: "3", batch: "P1", expires: "2026-06-01", dilutionPercent: 60,
        by: Practice.author)
    }
    try await practice.asking { try await $0.arm(by: Practice.author) }
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    try await practice.pass(.minutes(11))
    #expect(
      try await refusal { try await practice.asking { try await $0.arm(by: Practice.author) } }
        == .notReady([.cartridge, .pigment]))
  }

  @Test func aCartridgeWithANumberIsKnownAgainAndRefusedForAnotherClient() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.openForClient("K-1")
    let load: @Sendable (Desk) async throws -> CartridgeWork = {
      try await $0.loadCartridge(
        profile: "1rl-030", lot: "C1", serial: "77", expires: "2027-01-01", by: Practice.author)
    }
    _ = try await practice.asking(load)
    _ = try await practice.asking { try await $0.close(by: Practice.author) }
    try await practice.openForClient("K-2")
    guard
      case .invalidValue("cartridge", _, let limit) = try await refusal({
        _ = try await practice.asking(load)
      })
    else { throw Missing() }
    #expect(limit == "cartridge 77 of lot C1 was used for another client; it is single-use, fit a new one")
  }
}
