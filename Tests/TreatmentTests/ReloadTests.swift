import Catalog
import Foundation
import NeedleSafety
import Profiles
import Testing
import Units
import VirtualHandpiece

@testable import Treatment

@Suite struct ReloadTests {
  /// The shipped profiles with one text in one of them replaced.
  static func library(_ file: String, _ old: String, _ new: String, on machine: MachineProfile) throws
    -> ProfileLibrary
  {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let copy = FileManager.default.temporaryDirectory.appending(path: "stipple-profiles-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: root.appending(path: "Firmware-Profiles"), to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    let path = copy.appending(path: file)
    let text = try String(contentsOf: path, encoding: .utf8)
    try #require(text.contains(old))
    try text.replacing(old, with: new).write(to: path, atomically: true, encoding: .utf8)
    return ProfileLibrary.load(directory: copy.path, machine: machine)
  }

  static func softer(_ practice: Practice) throws -> ProfileLibrary {
    try library("needles/hairline-soft.yaml", "depth: ", "depth: 0.4 mm # was ", on: practice.desk.machine)
  }

  @Test func aChangedProfileIsTakenInAndHasToBeChosenAgain() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    _ = try await practice.asking { try await $0.activate("hairline-soft", by: Practice.author) }
    let library = try Self.softer(practice)
    let outcome = try await practice.asking { try await $0.reload(library) }
    #expect(outcome == .takenIn(needles: ["hairline-soft"], cartridges: []))
    #expect(practice.desk.library.needles["hairline-soft"]?.settings.depth == Micrometres(400))
    #expect(await practice.desk.activeProfile == nil)
    _ = try await practice.asking { try await $0.activate("hairline-soft", by: Practice.author) }
    #expect(await practice.desk.profile?.settings.depth == Micrometres(400))
  }

  @Test func aProfileThatStaysTheSameStaysInUse() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    _ = try await practice.asking { try await $0.activate("temple-soft", by: Practice.author) }
    let library = try Self.softer(practice)
    _ = try await practice.asking { try await $0.reload(library) }
    #expect(await practice.desk.activeProfile == "temple-soft")
    #expect(try await practice.asking { try await $0.reload(library) } == .unchanged)
  }

  @Test func whileASessionIsOpenNothingIsTakenIn() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let session = try await practice.openForClient().session
    let library = try Self.softer(practice)
    let outcome = try await practice.asking { try await $0.reload(library) }
    #expect(outcome == .refused(["session \(session.id) is open: close it, then reload"]))
    #expect(practice.desk.library.needles["hairline-soft"]?.settings.depth != Micrometres(400))
  }

  @Test func whileAChangeIsTriedOutNothingIsTakenIn() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let wanted = [try NeedleChange("depth=0.5mm")]
    _ = try await practice.asking {
      try await $0.propose("hairline-soft", .changes(wanted), within: .seconds(60), by: Practice.author)
    }
    let library = try Self.softer(practice)
    guard case .refused(let reasons) = try await practice.asking({ try await $0.reload(library) }) else {
      Issue.record("the reload was taken in")
      return
    }
    #expect(reasons.count == 1 && reasons[0].contains("confirm or reject it"), "\(reasons)")
  }

  @Test func aTechniciansOwnVersionStaysInForceWhenTheFileChanges() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let wanted = [try NeedleChange("depth=0.5mm")]
    let change = try await practice.asking {
      try await $0.propose("hairline-soft", .changes(wanted), within: .seconds(60), by: Practice.author)
    }.change
    _ = try await practice.asking { try await $0.confirm(change.ticket, by: Practice.author) }
    _ = try await practice.asking { try await $0.activate("hairline-soft", by: Practice.author) }
    let library = try Self.softer(practice)
    _ = try await practice.asking { try await $0.reload(library) }
    #expect(await practice.desk.activeProfile == "hairline-soft")
    #expect(await practice.desk.profile?.settings.depth == Micrometres(500))
    #expect(try await practice.desk.versions(of: "hairline-soft").last?.state == .setAside)
  }

  @Test func oneRefusedFileKeepsAllAsTheyWere() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let library = try Self.library(
      "needles/hairline-soft.yaml", "depth: ", "depth: 3 mm # was ", on: practice.desk.machine)
    let outcome = try await practice.asking { try await $0.reload(library) }
    guard case .refused(let reasons) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reasons.count == 1 && reasons[0].contains("hairline-soft.yaml:"), "\(reasons)")
    #expect(practice.desk.library.errors.isEmpty)
  }

  @Test func whatHappenedIsCountedOverAllSessions() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.perform(.pedal(down: true))
    try await practice.pass(.seconds(2))
    try await practice.perform(.emergencyStop(open: true))
    try await practice.pass(.milliseconds(100))
    let tally = await practice.desk.tally
    let session = try #require(await practice.desk.session)
    #expect(tally.strokes == session.strokes && tally.strokes > 0)
    #expect(tally.dots == session.dots && tally.dots > 0)
    #expect(tally.faults == [.emergencyStop: 1])
  }
}
