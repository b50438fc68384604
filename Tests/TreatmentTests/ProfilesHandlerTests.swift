import ControlInterface
import ControlServer
import Profiles
import Testing
import Units
import Varlink

@testable import Treatment

/// `org.stipple.Profiles` as the socket shows it.
@Suite struct ProfilesHandlerTests {
  private typealias Wire = ControlInterface.Profiles
  private let policy = RolePolicy(technicians: 900, service: 901, ownUser: 77)

  private func handler(_ practice: Practice) -> ProfilesHandler {
    ProfilesHandler(desk: practice.desk, policy: policy, clock: practice.clock)
  }

  private func context(
    _ group: UInt32 = 900, user: UInt32 = 1_000, connection: UInt64 = 0, isConnected: Bool = true
  ) -> CallContext {
    CallContext(
      method: "test", peer: Peer(userID: user, groupID: group, processID: 1, supplementaryGroupIDs: []),
      connection: ConnectionID(connection), isConnected: { isConnected })
  }

  private let deeper = Wire.Propose.Parameters(
    name: "hairline-soft", changes: [.init(field: "depth", value: "500 um")], confirmS: 30)

  @Test func aChangeFromProposalToHistory() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    let made = try await profiles.propose(deeper, context()).proposal
    #expect(made.ticket == "hairline-soft:2")
    #expect((made.version, made.baseVersion, made.by, made.leftMs) == (2, 1, "uid 1000", 30_000))
    #expect(
      made.differences == [
        .init(
          field: "depth", old: "0.45 mm", new: "0.5 mm", ceiling: "1 mm", ceilingSource: "absolute")
      ])
    let listed = try await profiles.list(.init(), context(1))
    #expect(listed.proposal == made)
    let tried = try #require(listed.profiles.first { $0.name == "hairline-soft" })
    #expect((tried.depthUm, tried.version, tried.isConfirmed) == (500, 2, false))
    let kept = try await profiles.confirm(.init(ticket: made.ticket), context(connection: 9)).profile
    #expect((kept.version, kept.isConfirmed, kept.shippedVersion) == (2, true, 1))
    let history = try await profiles.history(.init(name: "hairline-soft"), context(1)).versions
    #expect(history.map(\.state) == [.confirmed, .shipped])
    #expect(history.map(\.isCurrent) == [true, false])
    #expect(history[0].changes == "depth 0.45 mm → 0.5 mm")
    let earlier = try await profiles.get(.init(name: "hairline-soft", version: 1), context(1))
    #expect(earlier.profile.depthUm == 450)
    #expect(earlier.text.hasPrefix("# The front rows"), "the text as it was written, comments included")
    let back = try await profiles.restore(.init(name: "hairline-soft", version: 1), context())
    #expect(back.profile.version == 3)
    #expect(back.differences.map(\.new) == ["0.45 mm"])
  }

  @Test func observersReadAndChangeNothing() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    let refusal = Wire.NotAuthorized(role: .technician)
    await #expect(throws: refusal) { _ = try await profiles.propose(deeper, context(1)) }
    await #expect(throws: refusal) { _ = try await profiles.confirm(.init(ticket: "x:1"), context(1)) }
    await #expect(throws: refusal) { _ = try await profiles.reject(.init(ticket: "x:1"), context(1)) }
    await #expect(throws: refusal) { _ = try await profiles.activate(.init(name: "bench-test"), context(1)) }
    await #expect(throws: refusal) {
      _ = try await profiles.restore(.init(name: "hairline-soft", version: 1), context(1))
    }
    let diff = try await profiles.diff(
      .init(name: "hairline-soft", changes: [.init(field: "rate", value: "95Hz")]), context(1))
    #expect(diff.differences.map(\.new) == ["95 Hz"])
    #expect(try await profiles.history(.init(name: "hairline-soft"), context(1)).versions.count == 1)
  }

  @Test func aRefusalToArmNamesTheChangeThatWaitsForItsConfirmation() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.armInHairline()
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    let change = try NeedleChange("depth=0.5mm")
    _ = try await practice.asking {
      try await $0.propose("hairline-soft", .changes([change]), within: .seconds(60), by: Practice.author)
    }
    let device = DeviceHandler(
      desk: practice.desk, policy: policy, clock: practice.clock,
      description: MachineDescription(
        priority: nil, cpu: nil, isMemoryLocked: false, warnings: [], version: "1", drivePort: nil))
    let words =
      "hairline-soft version 2 is tried out and not confirmed: keep it (stipplectl profile confirm) or take it back (stipplectl profile reject)"
    let caller = context()
    await #expect(throws: Device.NotReady(unmet: ["profile: \(words)"])) {
      _ = try await practice.asking { _ in try await device.arm(.init(), caller) }
    }
    let status = try await device.getStatus(.init(), caller).status
    #expect(status.interlocks.first { $0.name == "profile" }?.hint == words)
    #expect(status.profile?.version == 2)
    #expect(status.profile?.isConfirmed == false)
  }

  @Test func aSecondChangeIsAnsweredWithTheFirst() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    let made = try await profiles.propose(deeper, context()).proposal
    await #expect(throws: Wire.BeingChanged(proposal: made)) {
      _ = try await profiles.propose(
        .init(name: "crown-standard", changes: [.init(field: "rate", value: "90Hz")]),
        context(user: 1_001))
    }
    try await practice.pass(.seconds(12))
    #expect(try await profiles.list(.init(), context(1)).proposal?.leftMs == 18_000)
  }

  @Test func theClockTakesAHeldChangeBackAndSoDoesTheEndOfItsConnection() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    var held = deeper
    held.hold = true
    _ = try await profiles.propose(held, context(connection: 5))
    profiles.connectionClosed(ConnectionID(6))
    try await practice.pass(.seconds(1))
    #expect(try await profiles.list(.init(), context(1)).proposal != nil)
    profiles.connectionClosed(ConnectionID(5))
    try await settle(practice) { try await profiles.list(.init(), context(1)).proposal == nil }
    _ = try await profiles.propose(held, context(connection: 7))
    try await practice.pass(.seconds(31))
    #expect(try await profiles.list(.init(), context(1)).proposal == nil)
    let history = try await profiles.history(.init(name: "hairline-soft"), context(1)).versions
    #expect(
      history.map(\.reason) == [
        "it was not confirmed in time", "the connection that proposed it ended", nil,
      ])
  }

  @Test func aConnectionThatEndedWhileItsCallWasCarriedOutHoldsNothing() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    var held = deeper
    held.hold = true
    // The word that it closed came before there was anything to take back.
    profiles.connectionClosed(ConnectionID(5))
    _ = try await profiles.propose(held, context(connection: 5, isConnected: false))
    #expect(try await profiles.list(.init(), context(1)).proposal == nil)
  }

  @Test func whatIsRefusedIsNamed() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    func propose(_ field: String, _ value: String) async throws {
      _ = try await profiles.propose(
        .init(name: "hairline-soft", changes: [.init(field: field, value: value)]), context())
    }
    await #expect(
      throws: Wire.InvalidValue(
        field: "field", value: "dpeth",
        limit:
          "one of mode, rate, depth, dwell, strokes_per_dot, dot_rate; did you mean 'depth'?")
    ) { try await propose("dpeth", "1 mm") }
    do {
      try await propose("depth", "3 mm")
      Issue.record("3 mm were taken")
    } catch let refusal as Wire.ProfileRefused {
      let problem = try #require(refusal.problems.first)
      #expect(problem.field == "depth")
      #expect(
        problem.message == "'depth' 3 mm is above the ceiling 1 mm for hairline (absolute)")
      #expect((problem.value, problem.ceiling, problem.isWarning) == ("3 mm", "1 mm", false))
      let line = refusal.text.split(separator: "\n", omittingEmptySubsequences: false)[problem.line - 1]
      #expect(line == "depth: 3 mm")
    }
    await #expect(throws: Wire.InvalidValue.self, "nothing to change") {
      try await propose("depth", "450 um")
    }
    await #expect(
      throws: Wire.NotFound(kind: "needle profile", name: "hairlin-soft", known: ["hairline-soft"])
    ) {
      _ = try await profiles.get(.init(name: "hairlin-soft"), context(1))
    }
    await #expect(throws: Wire.NotFound(kind: "version of hairline-soft", name: "7", known: ["1"])) {
      _ = try await profiles.restore(.init(name: "hairline-soft", version: 7), context())
    }
    await #expect(throws: Wire.NotFound(kind: "ticket", name: "x", known: [])) {
      _ = try await profiles.confirm(.init(ticket: "x"), context())
    }
    for wrong in [0, 601] {
      await #expect(throws: Wire.InvalidValue(field: "confirm_s", value: "\(wrong) s", limit: "1 to 600 s")) {
        _ = try await profiles.propose(
          .init(name: "hairline-soft", changes: [.init(field: "depth", value: "0.5mm")], confirmS: wrong),
          context())
      }
    }
    await #expect(throws: Wire.InvalidValue.self, "changes and a text") {
      _ = try await profiles.propose(
        .init(name: "hairline-soft", changes: [.init(field: "depth", value: "0.5mm")], text: "x"), context())
    }
  }

  @Test func aTextMayCarryAnyNameWhereItIsOnlyValidated() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let profiles = handler(practice)
    let text = try await profiles.get(.init(name: "hairline-soft"), context(1)).text
    #expect(try await profiles.validate(.init(text: text), context(1)).problems == [])
    let deep = text.replacing("0.45 mm", with: "0.7 mm")
    let problems = try await profiles.validate(.init(text: deep), context(1)).problems
    #expect(problems.map(\.isWarning) == [true], "allowed, and beyond what is usual")
  }

  /// Lets time pass until something is so, at most two virtual seconds.
  private func settle(_ practice: Practice, _ isSo: () async throws -> Bool) async throws {
    for _ in 1...100 {
      if try await isSo() { return }
      try await practice.pass(.milliseconds(20))
    }
    Issue.record("it did not come to be")
  }
}
