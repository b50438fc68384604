import Catalog
import ControlInterface
import ControlServer
import StrokeControl
import Testing
import Treatment
import Units
import Varlink

/// What can be called and by whom, as far as it goes beyond treating.
@Suite struct HandlerRoleTests {
  private let policy = RolePolicy(technicians: 900, service: 901, ownUser: 77)

  private func context(_ group: UInt32) -> CallContext {
    CallContext(
      method: "test",
      peer: Peer(userID: 1_000, groupID: group, processID: 1, supplementaryGroupIDs: []))
  }

  @Test func erasingAClientTakesTheServiceRole() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let clients = ClientsHandler(desk: practice.desk, policy: policy)
    _ = try await clients.create(.init(code: "K-1"), context(900))
    let order = Clients.Erase.Parameters(code: "K-1", reason: "asked for it")
    await #expect(throws: Clients.NotAuthorized(role: .service)) {
      _ = try await clients.erase(order, context(900))
    }
    _ = try await clients.erase(order, context(901))
    #expect(try await clients.list(.init(), context(1)).clients == [])
  }

  @Test func observersReadAndChangeNothing() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let clients = ClientsHandler(desk: practice.desk, policy: policy)
    let plans = PlansHandler(desk: practice.desk, policy: policy)
    await #expect(throws: Clients.NotAuthorized(role: .technician)) {
      _ = try await clients.create(.init(code: "K-1"), context(1))
    }
    await #expect(throws: Plans.NotAuthorized(role: .technician)) {
      _ = try await plans.create(.init(client: "K-1", style: .soft), context(1))
    }
    #expect(try await plans.list(.init(), context(1)).plans == [])
  }

  @Test func whoStoppedTheMachineIsInTheAuditAndWhoStoppedNothingIsNot() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let device = DeviceHandler(
      desk: practice.desk, policy: policy, clock: practice.clock,
      description: MachineDescription(
        priority: nil, cpu: nil, isMemoryLocked: false, warnings: [], version: "1", drivePort: nil))
    _ = try device.stop(.init(), context(1))
    try await practice.armInHairline()
    let before = try await practice.desk.auditHead().length
    _ = try device.stop(.init(), context(1))
    // It is kept after the answer, in a task of its own.
    while try await practice.desk.auditHead().length == before { await Task.yield() }
    try await practice.pass(.milliseconds(200))
    #expect(practice.desk.status.state == .standby)
    _ = try device.stop(.init(), context(1))
    try await practice.asking { try await $0.disarm(by: Practice.author) }
    let entries = try Catalog(reading: practice.folder.path + "/catalog.sqlite").audit(
      after: before, limit: 10
    )
    .map(\.entry)
    #expect(entries.map(\.verb) == ["stop", "disarm"])
    #expect(entries.first?.detail == "the machine was armed")
    #expect(entries.first?.role == "observer")
    #expect(entries.first?.actor.hasPrefix("uid 1000 gid 1 pid 1 (") == true)
  }

  @Test func thePlanAsTheSocketShowsIt() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let plans = PlansHandler(desk: practice.desk, policy: policy)
    _ = try await ClientsHandler(desk: practice.desk, policy: policy).create(.init(code: "K-1"), context(900))
    let id = try await plans.create(.init(client: "K-1", style: .defined), context(900)).plan.id
    _ = try await plans.setZone(
      .init(plan: id, zone: "crown", attributes: [.scar], areaMm2: 2_000), context(900))
    let plan = try await plans.setStage(
      .init(plan: id, stage: .definition, zone: "crown", targetPerCm2: 25, shade: "ash"), context(900)
    ).plan
    #expect(plan.minIntervalDays == 14)
    #expect(plan.nextStage == .foundation)
    #expect(
      plan.zones == [
        Plans.Zone(
          name: "crown", attributes: [.scar], areaMm2: 2_000,
          targets: [Plans.Target(stage: .definition, targetPerCm2: 25, shade: "ash")], dots: 0,
          densityPerCm2: 0,
          ceilingPerCm2: 200)
      ])
    await #expect(throws: Plans.NotFound(kind: "plan", name: "P0", known: [id])) {
      _ = try await plans.get(.init(id: "P0"), context(1))
    }
  }

  @Test func theAuditIsReadInPiecesAndVerified() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    for number in 1...450 {
      _ = try await practice.asking { try await $0.createClient("K-\(number)", by: Practice.author) }
    }
    let audit = AuditHandler(
      catalogPath: practice.folder.path + "/catalog.sqlite",
      sessionsFolder: practice.folder.path + "/sessions")
    let collected = Collected()
    let context = CallContext(
      method: "test", peer: Peer(userID: 1, groupID: 1, processID: 1, supplementaryGroupIDs: []), more: true
    ) { fields in collected.add(try Audit.Tail.Reply(fields: fields).entries) }
    _ = try await audit.tail(.init(count: 420), Replies(context), context)
    // The first entry is the reading of the shipped profiles.
    #expect(collected.entries.map(\.sequence) == Array(32...451))
    #expect(collected.entries.allSatisfy { $0.verb == "client.create" && !$0.detail.contains("K-") })
    let verdict = try await audit.verify(.init(head: collected.entries[5].hash), context)
    #expect(verdict.isIntact && verdict.lengthEntries == 451)
    await #expect(throws: Audit.InvalidValue.self) { _ = try await audit.verify(.init(head: "x"), context) }
  }
}

private final class Collected: @unchecked Sendable {
  var entries: [Audit.Entry] = []
  func add(_ more: [Audit.Entry]) { entries += more }
}
