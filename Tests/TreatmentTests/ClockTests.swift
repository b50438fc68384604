import Catalog
import ControlLoop
import NeedleSafety
import SessionLog
import StrokeControl
import Testing
import Units

@testable import Treatment

/// Boards without a battery clock exist.
@Suite struct ClockTests {
  private func refuses(_ practice: Practice) async throws -> String? {
    do {
      try await practice.openForClient()
      return nil
    } catch TreatmentError.wrongSession(let state, _) {
      return state
    }
  }

  @Test func aClockThatNothingHasSetRefusesClientsUntilATechnicianConfirmsTheDate() async throws {
    let practice = try await Practice(folder: TemporaryFolder(), clockIsKept: false)
    #expect(
      try await refuses(practice)
        == "the clock was not set by a time server or a battery clock since the board was started")
    #expect(practice.bridge.status.read().unmet.has(.clock))
    await #expect(throws: TreatmentError.self, "a date that is not the board's") {
      _ = try await practice.asking { try await $0.confirmDate("2026-06-02", by: Practice.author) }
    }
    _ = try await practice.asking { try await $0.confirmDate("2026-06-01", by: Practice.author) }
    #expect(try await refuses(practice) == nil)
  }

  @Test func theConfirmationHoldsUntilTheBoardIsStartedAgain() async throws {
    let folder = try TemporaryFolder()
    do {
      let practice = try await Practice(folder: folder, clockIsKept: false)
      _ = try await practice.asking { try await $0.confirmDate("2026-06-01", by: Practice.author) }
    }
    let daemonRestarted = try await Practice(
      folder: folder, boot: Practice.bootTime + .minutes(1), clockIsKept: false)
    #expect(await daemonRestarted.desk.clockTrouble == nil)
    let boardRestarted = try await Practice(
      folder: folder, boot: Practice.bootTime + .minutes(2), clockIsKept: false, bootIdentifier: "boot-2")
    #expect(await boardRestarted.desk.clockTrouble != nil)
  }

  @Test func aRecordFromTheFutureIsOverruledByATechnicianOnceAndForAll() async throws {
    let folder = try TemporaryFolder()
    do {
      // Somebody had set the year wrong.
      let practice = try await Practice(folder: folder, boot: Practice.bootTime + .hours(24 * 365))
      try await practice.openForClient()
      _ = try await practice.asking { try await $0.close(by: Practice.author) }
    }
    let practice = try await Practice(folder: folder)
    #expect(try await refuses(practice) == "the clock is behind the newest record")
    _ = try await practice.asking { try await $0.confirmDate("2026-06-01", by: Practice.author) }
    #expect(try await refuses(practice) == nil)
    let later = try await Practice(
      folder: folder, boot: Practice.bootTime + .hours(1), bootIdentifier: "boot-2")
    #expect(await later.desk.clockTrouble == nil, "the wrong record no longer counts as newest")
    let earlier = try await Practice(
      folder: folder, boot: Practice.bootTime - .hours(1), bootIdentifier: "boot-3")
    #expect(await earlier.desk.clockTrouble == "the clock is behind the newest record", "this one does")
  }
}
