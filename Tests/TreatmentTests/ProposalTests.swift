import Catalog
import ControlLoop
import Foundation
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@testable import Treatment

/// A change of a profile is tried out, and takes itself back unless it is kept.
@Suite struct ProposalTests {
  static let other = Author(
    userID: 1_001, groupID: 1_001, processID: 2, process: "screen", role: "technician")
  static let minute = Nanoseconds.seconds(60)

  private func propose(
    _ practice: Practice, _ changes: String..., of name: String = "hairline-soft",
    within limit: Nanoseconds = minute, holder: UInt64? = nil, by author: Author = Practice.author
  ) async throws -> ProposedChange {
    let wanted = try changes.map { try NeedleChange($0) }
    return try await practice.asking {
      try await $0.propose(name, .changes(wanted), within: limit, holder: holder, by: author)
    }.change
  }

  /// The depth that the loop has for the next stroke.
  private func depth(_ practice: Practice) -> Micrometres? {
    practice.bridge.status.read().settings?.settings.depth
  }

  private func states(_ practice: Practice, _ name: String = "hairline-soft") async throws
    -> [ProfileVersionState]
  {
    try await practice.desk.versions(of: name).map(\.state)
  }

  private func verbs(_ practice: Practice) throws -> [String] {
    try practice.desk.catalog.audit().map(\.entry.verb)
  }

  @Test func itIsInForceFromTheNextStrokeAndKeptOnceItIsConfirmed() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(1))
    #expect(depth(practice) == Micrometres(450))
    let change = try await propose(practice, "depth=500um", "rate=95/s")
    #expect(change.ticket == "hairline-soft:2")
    #expect(change.words == "rate 90 Hz → 95 Hz, depth 0.45 mm → 0.5 mm")
    try await practice.pass(.seconds(1))
    #expect(depth(practice) == Micrometres(500), "while the pedal is down")
    #expect(practice.bridge.status.read().state == .running)
    let kept = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    #expect(kept.version.number == 2)
    try await practice.pass(.seconds(70))
    #expect(depth(practice) == Micrometres(500), "its time does not run any more")
    #expect(try await states(practice) == [.shipped, .confirmed])
    #expect(
      try verbs(practice).filter { $0.hasPrefix("profile.") } == [
        "profile.import", "profile.activate", "profile.propose", "profile.confirm",
      ])
  }

  @Test func nobodyConfirmsItAndItTakesItselfBackAtItsTimeWhileStrokesAreMade() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(1))
    let change = try await propose(practice, "depth=0.5mm", within: .seconds(10))
    try await practice.pass(.milliseconds(9_900))
    #expect(depth(practice) == Micrometres(500))
    try await practice.pass(.seconds(1))
    #expect(depth(practice) == Micrometres(450))
    #expect(practice.bridge.status.read().state == .running, "the treatment goes on")
    #expect(await practice.desk.proposedChange == nil)
    do {
      _ = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
      Issue.record("it was kept too late")
    } catch TreatmentError.wrongSession(let state, _) {
      #expect(state == "hairline-soft version 2 is rolled back: it was not confirmed in time")
    }
    let last = try #require(try practice.desk.catalog.audit().last?.entry)
    #expect(last.verb == "profile.rollback")
    #expect(last.detail == "hairline-soft version 2: depth 0.45 mm → 0.5 mm; it was not confirmed in time")
  }

  @Test func itsTimeIsOverAtTheInstantAndNotWhenTheDeskLooks() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let change = try await propose(practice, "depth=0.5mm", within: .seconds(1))
    practice.passUnwatched(.milliseconds(1_001))
    await #expect(throws: TreatmentError.self) {
      _ = try await practice.desk.confirm(change.ticket, by: Practice.author)
    }
  }

  @Test func theEndOfTheConnectionThatHeldItTakesItBackAndAnyOtherDoesNot() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    _ = try await propose(practice, "depth=0.5mm", holder: 7)
    try await practice.asking { await $0.connectionEnded(8) }
    #expect(depth(practice) == Micrometres(500))
    try await practice.asking { await $0.connectionEnded(7) }
    try await practice.pass(.milliseconds(20))
    #expect(depth(practice) == Micrometres(450))
    #expect(try await states(practice) == [.shipped, .rolledBack])
    #expect(
      try await practice.desk.versions(of: "hairline-soft").last?.reason
        == "the connection that proposed it ended")
  }

  @Test func armingWaitsForTheConfirmation() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    let change = try await propose(practice, "depth=0.5mm")
    #expect(practice.bridge.status.read().state == .armed, "a change in an armed machine is tried out")
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    do {
      try await practice.asking { try await $0.arm(by: Practice.author) }
      Issue.record("it armed with a change that nobody has confirmed")
    } catch TreatmentError.notReady(let unmet) {
      #expect(unmet == [.profile])
    }
    _ = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    try await practice.asking { try await $0.arm(by: Practice.author) }
    #expect(practice.bridge.status.read().state == .armed)
  }

  @Test func aSecondTechnicianIsToldWhoAndWhat() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let first = try await propose(practice, "depth=0.5mm")
    do {
      _ = try await propose(practice, "rate=80Hz", of: "crown-standard", by: Self.other)
      Issue.record("two changes at once")
    } catch TreatmentError.beingChanged(let change) {
      #expect(change == first)
      #expect(change.author.name == "uid 1000")
      #expect(change.words == "depth 0.45 mm → 0.5 mm")
    }
  }

  @Test func theSameUserMayConfirmFromElsewhereAndAnotherMayOnlyReject() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let first = try await propose(practice, "depth=0.5mm", holder: 7)
    await #expect(
      throws: TreatmentError.wrongSession(
        is: "hairline-soft version 2 was proposed by uid 1000",
        needed: "the same user to confirm it; any technician may reject it")
    ) {
      _ = try await practice.asking { try await $0.confirm(first.ticket, by: Self.other) }
    }
    let back = try await practice.asking { try await $0.reject(first.ticket, by: Self.other) }
    #expect(back.version.number == 1)
    #expect(try await states(practice) == [.shipped, .rejected])
    let second = try await propose(practice, "depth=0.5mm", holder: 7)
    var elsewhere = Practice.author
    elsewhere.processID = 4_711
    let from = elsewhere
    _ = try await practice.asking { try await $0.confirm(second.ticket, by: from) }
    #expect(try await states(practice) == [.shipped, .rejected, .confirmed])
  }

  @Test func aTextThatWasBegunFromAnEarlierVersionIsRefusedWithWhoChangedWhat() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let begun = try await practice.desk.shelved("hairline-soft").version
    let change = try await propose(practice, "depth=0.5mm", by: Self.other)
    _ = try await practice.asking { try await $0.confirm(change.ticket, by: Self.other) }
    let text = begun.text.replacing("90 Hz", with: "80 Hz")
    await #expect(
      throws: TreatmentError.wrongSession(
        is: "hairline-soft was changed meanwhile: uid 1001 made version 2 (depth 0.45 mm → 0.5 mm)",
        needed: "look at version 2 and begin from it, not from 1")
    ) {
      _ = try await practice.asking {
        try await $0.propose(
          "hairline-soft", .text(text), basedOn: begun.number, within: Self.minute, by: Practice.author)
      }
    }
  }

  @Test func aValueAboveACeilingNamesValueCeilingAndWhoseItIs() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    for (change, message) in [
      ("rate=151Hz", "'rate' 151 Hz is above the ceiling 150 Hz (absolute)"),
      ("depth=1.1mm", "'depth' 1.1 mm is above the ceiling 1 mm for hairline (absolute)"),
    ] {
      do {
        _ = try await propose(practice, change)
        Issue.record("\(change) was taken")
      } catch TreatmentError.profileRefused(let problems, let text) {
        #expect(problems.map(\.message) == [message])
        #expect(text.contains(change.replacing("=", with: ": ")), "the caret stands in this text")
      }
    }
    #expect(try await states(practice) == [.shipped], "what was refused was never proposed")
  }

  @Test func commentsOfTheFileStayInEveryVersion() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let before = try await practice.desk.shelved("scar-careful").version.text
    let change = try await propose(practice, "depth=0.7mm", of: "scar-careful")
    let kept = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    #expect(kept.version.text == before.replacing("0.65 mm", with: "0.7 mm"))
    #expect(kept.version.text.hasPrefix("# Scar tissue takes pigment unevenly"))
  }

  @Test func aDaemonThatDiesWithAChangeComesUpOnTheConfirmedVersion() async throws {
    let folder = try TemporaryFolder()
    do {
      let practice = try await Practice(folder: folder)
      _ = try await propose(practice, "depth=0.5mm")
    }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(5))
    #expect(try await practice.desk.shelved("hairline-soft").version.number == 1)
    #expect(await practice.desk.proposedChange == nil)
    let last = try #require(try await practice.desk.versions(of: "hairline-soft").last)
    #expect(last.state == .rolledBack)
    #expect(last.reason == "the daemon ended before it was confirmed")
    #expect(try practice.desk.catalog.audit().last?.entry.verb == "profile.rollback")
    #expect(try practice.desk.catalog.verifyAudit().holds)
  }

  @Test func whatWasConfirmedIsThereAfterARestart() async throws {
    let folder = try TemporaryFolder()
    do {
      let practice = try await Practice(folder: folder)
      let change = try await propose(practice, "depth=0.5mm")
      _ = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(5))
    let shelved = try await practice.desk.shelved("hairline-soft")
    #expect(shelved.profile.settings.depth == Micrometres(500))
    #expect(shelved.otherShipped == 1)
  }

  @Test func anEarlierVersionIsPutInForceAgainAsANewOne() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    let change = try await propose(practice, "depth=0.5mm")
    _ = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    let restored = try await practice.asking {
      try await $0.restoreProfile("hairline-soft", to: 1, by: Practice.author)
    }
    #expect(restored.profile.version.number == 3)
    #expect(restored.differences.map(\.description) == ["depth 0.5 mm → 0.45 mm"])
    try await practice.pass(.milliseconds(20))
    #expect(depth(practice) == Micrometres(450))
    #expect(practice.bridge.status.read().state == .armed)
    #expect(try await states(practice) == [.shipped, .confirmed, .restored])
    let rejected = try await propose(practice, "depth=0.55mm")
    _ = try await practice.asking { try await $0.reject(rejected.ticket, by: Practice.author) }
    await #expect(throws: TreatmentError.self, "what was never confirmed is proposed, not restored") {
      _ = try await practice.asking {
        try await $0.restoreProfile("hairline-soft", to: 4, by: Practice.author)
      }
    }
  }

  @Test func aVersionThatDoesNotFitTheCartridgeAtHandIsRefusedAndChangesNothing() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    let text = try await practice.desk.shelved("hairline-soft").version.text
    let narrower = text.replacing("[1rl-025, 1rl-030, 3rl-025]", with: "[1rl-025]")
    try #require(narrower != text)
    await #expect(throws: TreatmentError.self) {
      _ = try await practice.asking {
        try await $0.propose("hairline-soft", .text(narrower), within: Self.minute, by: Practice.author)
      }
    }
    #expect(practice.bridge.status.read().state == .armed)
    #expect(await practice.desk.proposedChange == nil)
    #expect(try await states(practice) == [.shipped])
  }

  @Test func aConfirmedVersionThatFitsNoMoreIsTakenOutOfUseInsteadOfTheTriedOne() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.openForClient()
    _ = try await practice.asking { try await $0.activate("hairline-soft", by: Practice.author) }
    let text = try await practice.desk.shelved("hairline-soft").version.text
    let wider = text.replacing("zones: [hairline]", with: "zones: [hairline, frontal]")
    let change = try await practice.asking {
      try await $0.propose("hairline-soft", .text(wider), within: Self.minute, by: Practice.author)
    }.change
    // A zone that only the tried version is for: when it is taken back there is nothing to go back to.
    _ = try await practice.asking {
      try await $0.setZone(.frontal, attributes: nil, area: .squareCentimetres(12), by: Practice.author)
    }
    _ = try await practice.asking { try await $0.reject(change.ticket, by: Practice.author) }
    #expect(await practice.desk.activeProfile == nil)
    #expect(practice.bridge.status.read().unmet.has(.profile))
  }

  @Test func aSessionAndItsRecordNameTheVersionsTheyRan() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(1))
    let change = try await propose(practice, "depth=0.5mm")
    try await practice.pass(.seconds(1))
    _ = try await practice.asking { try await $0.reject(change.ticket, by: Practice.author) }
    try await practice.pass(.seconds(1))
    try await practice.perform(.pedal(down: false))
    try await practice.pass(.milliseconds(400))
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    let closed = try await practice.asking { try await $0.close(by: Practice.author) }
    var recorded: [UInt32] = []
    var depths: [Micrometres] = []
    _ = try SessionReader.read([practice.folder.path + "/sessions/\(closed.id).mcap"]) { event in
      guard case .setting(let setting) = event.record else { return }
      recorded.append(setting.version)
      depths.append(setting.depth)
    }
    #expect(recorded.last == 1 && recorded.contains(2), "\(recorded)")
    for (version, depth) in zip(recorded, depths) {
      #expect(depth == Micrometres(version == 2 ? 500 : 450), "each setting is recorded with its own version")
    }
    #expect(try await practice.desk.settings(of: closed.id).map(\.version) == recorded)
    #expect(try await practice.desk.settings(of: closed.id).allSatisfy { $0.versionID != nil })
  }

  @Test func aFileThatChangesOnDiskIsANewVersionAndLeavesATechniciansAlone() async throws {
    let folder = try TemporaryFolder()
    let profiles = try ProfileFolder()
    do {
      let practice = try await Practice(folder: folder, profiles: profiles.path)
      let change = try await propose(practice, "depth=0.5mm")
      _ = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    }
    try profiles.replace("90 Hz", with: "85 Hz", in: "hairline-soft")
    try profiles.replace("0.7 mm", with: "0.75 mm", in: "crown-standard")
    let practice = try await Practice(
      folder: folder, boot: Practice.bootTime + .minutes(5), profiles: profiles.path)
    let soft = try await practice.desk.shelved("hairline-soft")
    #expect(soft.version.number == 2, "a technician's version stays in force")
    #expect(soft.profile.settings.rate == .hertz(90))
    #expect(soft.otherShipped == 3, "and the file's is there to be restored")
    let crown = try await practice.desk.shelved("crown-standard")
    #expect(crown.version.number == 2)
    #expect(crown.profile.settings.depth == Micrometres(750))
    let imports = try practice.desk.catalog.audit().filter { $0.entry.verb == "profile.import" }
    #expect(imports.count == 2)
    #expect(imports.last?.entry.detail.contains("crown-standard version 2 shipped") == true)
    #expect(imports.last?.entry.detail.contains("hairline-soft version 3 set_aside") == true)
  }
}

/// A copy of the shipped profiles that a test may change.
final class ProfileFolder {
  let path = FileManager.default.temporaryDirectory.appending(path: "stipple-profiles-\(UUID().uuidString)")
    .path

  init() throws { try FileManager.default.copyItem(atPath: Practice.shippedProfiles, toPath: path) }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func replace(_ old: String, with new: String, in profile: String) throws {
    let file = path + "/needles/\(profile).yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try #require(text.contains(old))
    try text.replacing(old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
  }
}
