import Catalog
import ControlLoop
import NeedleSafety
import SessionLog
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@testable import Treatment

@Suite struct DeskTests {
  @Test func everyStrokeThePhysicsMadeIsInTheClosedRecordOnce() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(5))
    try await practice.perform(.pedal(down: false))
    try await practice.pass(.milliseconds(400))
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    let closed = try await practice.asking { try await $0.close(by: Practice.author) }
    let file = practice.folder.path + "/sessions/\(closed.id).mcap"
    var sequences: [UInt64] = []
    let digest = try SessionReader.read([file]) { event in
      if case .stroke(let stroke) = event.record { sequences.append(stroke.sequence) }
    }
    #expect(sequences == Array(1...UInt64(practice.truth.strokesMade)), "\(practice.truth.strokesMade) made")
    #expect(digest.open == nil, "nothing is uncertain after an orderly close")
    #expect(closed.strokes == UInt64(sequences.count))
    #expect(closed.dots == 10, "2 Hz for 5 s")
    #expect(try SessionFile.verify(file).state == .intact)
  }

  @Test func theDurableIntentIsAlwaysAheadOfTheStrokes() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    for _ in 1...100 {
      try await practice.pass(.milliseconds(100))
      let status = practice.bridge.status.read()
      #expect(status.strokes <= status.durableThrough)
      // 2 Hz × 2 strokes × 2 s are 8; the least an intent covers is 20, and half of it is spare when it is renewed.
      #expect(status.durableThrough <= status.strokes + 30, "an intent is no larger than it has to be")
    }
    #expect(practice.bridge.status.read().strokes > 35)
  }

  @Test func aDeathLeavesOneUncertainIntervalThatHoldsWhatTheRecordLacks() async throws {
    let folder = try TemporaryFolder()
    var made: UInt64 = 0
    do {
      let practice = try await Practice(folder: folder)
      try await practice.armInHairline()
      try await practice.perform(.pedal(down: true))
      try await practice.pass(.seconds(3))
      made = UInt64(practice.truth.strokesMade)
      // Here the process dies: nothing is closed, nothing settled.
    }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(5))
    let found = try #require(await practice.desk.session)
    #expect(found.isInterrupted)
    let interval = try #require(found.uncertain.first)
    #expect(found.uncertain.count == 1)
    #expect(interval.firstStroke == found.strokes + 1)
    #expect(
      made <= interval.lastStroke,
      "made \(made), recorded \(found.strokes), uncertain to \(interval.lastStroke)")
    let resumed = try await practice.asking { try await $0.resume(nil, by: Practice.author) }
    #expect(resumed.zones.first?.uncertainDots == Int64(interval.dotsAtMost), "they count against the budget")
    let closed = try await practice.asking { try await $0.close(by: Practice.author) }
    #expect(closed.uncertain == [interval], "and stay declared in the closed record")
  }

  @Test func aRecordThatFellBehindEndsTheRunAndIsVouchedForAgainOnceItCaughtUp() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(1))
    #expect(practice.bridge.status.read().state == .running)
    // The desk does not come to look for more than the second that a completed sync may be old.
    practice.passUnwatched(.milliseconds(1_100))
    try await practice.pass(.milliseconds(100))
    #expect(practice.bridge.status.read().state != .running, "the pedal is still down, and the run has ended")
    try await practice.perform(.pedal(down: false))
    try await practice.pass(.seconds(1))
    #expect(
      !practice.bridge.status.read().unmet.has(.recordWritable),
      "it has caught up and is not refused for ever")
  }

  @Test func anInterruptedSessionRefusesToArmUntilItIsResumed() async throws {
    let folder = try TemporaryFolder()
    do { try await Practice(folder: folder).armInHairline() }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(5))
    do {
      try await practice.asking { try await $0.arm(by: Practice.author) }
      Issue.record("it armed")
    } catch TreatmentError.notReady(let unmet) {
      #expect(unmet.contains(.session), "\(unmet.map(\.name))")
    }
  }

  @Test func aZoneThatTheProfileDoesNotFitTakesItOutOfUseInStandbyAndIsRefusedWhileArmed() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    await #expect(throws: TreatmentError.self) {
      _ = try await practice.asking {
        try await $0.setZone(.crown, attributes: nil, area: .squareCentimetres(20), by: Practice.author)
      }
    }
    #expect(await practice.desk.activeProfile == "hairline-soft")
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    _ = try await practice.asking {
      try await $0.setZone(.crown, attributes: nil, area: .squareCentimetres(20), by: Practice.author)
    }
    #expect(await practice.desk.activeProfile == nil)
    do {
      try await practice.asking { try await $0.arm(by: Practice.author) }
      Issue.record("it armed without a profile")
    } catch TreatmentError.notReady(let unmet) {
      #expect(unmet == [.profile], "\(unmet.map(\.name))")
    }
  }

  @Test func expiredMaterialsAreRefusedByTheirDate() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.openForClient()
    do {
      _ = try await practice.asking {
        try await $0.loadCartridge(profile: "1rl-030", lot: "C1", expires: "2026-05-31", by: Practice.author)
      }
      Issue.record("an expired cartridge was registered")
    } catch TreatmentError.invalidValue(let field, _, let limit) {
      #expect(field == "cartridge")
      #expect(limit == "cartridge lot C1 expired on 2026-05-31; fit another")
    }
  }

  @Test func aClockBehindTheNewestRecordRefusesClientsAndNotTheBench() async throws {
    let folder = try TemporaryFolder()
    do {
      let practice = try await Practice(folder: folder)
      try await practice.openForClient()
      _ = try await practice.asking { try await $0.close(by: Practice.author) }
    }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime - .hours(24 * 30))
    await #expect(throws: TreatmentError.self) {
      try await practice.openForClient()
    }
    let bench = try await practice.asking { try await $0.open(client: nil, by: Practice.author) }
    #expect(bench.session.isBench)
  }

  @Test func aBenchSessionNeedsNoClientZoneCartridgeNorPigment() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    _ = try await practice.asking { try await $0.open(client: nil, by: Practice.author) }
    _ = try await practice.asking { try await $0.activate("bench-test", by: Practice.author) }
    try await practice.asking { try await $0.arm(by: Practice.author) }
    #expect(practice.bridge.status.read().state == .armed)
  }

  @Test func aBenchProfileIsRefusedForAClient() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.openForClient()
    await #expect(throws: TreatmentError.self) {
      _ = try await practice.asking { try await $0.activate("bench-test", by: Practice.author) }
    }
  }

  @Test func aNameInsteadOfACodeIsRefused() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    for name in ["", "Jane Doe", "K/1", String(repeating: "K", count: 33)] {
      await #expect(throws: TreatmentError.self, "\(name)") {
        _ = try await practice.asking { try await $0.open(client: name, by: Practice.author) }
      }
    }
  }

  @Test func everyChangeIsInTheAuditChain() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    _ = try await practice.asking { try await $0.close(by: Practice.author) }
    let head = try await practice.desk.auditHead()
    #expect(head.length >= 9, "open, zone, profile, cartridge, pigment, arm, disarm, close, closed")
  }
}
