import ControlInterface
import Varlink

struct StubClients: Clients.Handler {
  let machine: StubMachine

  func create(_ p: Clients.Create.Parameters, _: CallContext) async throws -> Clients.Create.Reply {
    _ = try machine.enter("Create", p)
    return .init(client: Samples.client)
  }

  func recordConsent(_ p: Clients.RecordConsent.Parameters, _: CallContext) async throws
    -> Clients.RecordConsent.Reply
  {
    _ = try machine.enter("RecordConsent", p)
    return .init(client: Samples.client)
  }

  func erase(_ p: Clients.Erase.Parameters, _: CallContext) async throws -> Clients.Erase.Reply {
    .init(sessions: try machine.enter("Erase", p).sessions.map(\.id))
  }

  func list(_ p: Clients.List.Parameters, _: CallContext) async throws -> Clients.List.Reply {
    _ = try machine.enter("List", p)
    return .init(clients: [Samples.client])
  }
}

struct StubPlans: Plans.Handler {
  let machine: StubMachine

  func create(_ p: Plans.Create.Parameters, _: CallContext) async throws -> Plans.Create.Reply {
    _ = try machine.enter("Create", p)
    var plan = Samples.plan
    plan.zones = []
    return .init(plan: plan)
  }

  func get(_ p: Plans.Get.Parameters, _: CallContext) async throws -> Plans.Get.Reply {
    _ = try machine.enter("Get", p)
    return .init(plan: Samples.plan)
  }

  func list(_ p: Plans.List.Parameters, _: CallContext) async throws -> Plans.List.Reply {
    _ = try machine.enter("List", p)
    return .init(plans: [Samples.plan])
  }

  func setZone(_ p: Plans.SetZone.Parameters, _: CallContext) async throws -> Plans.SetZone.Reply {
    _ = try machine.enter("SetZone", p)
    return .init(plan: Samples.plan)
  }

  func setStage(_ p: Plans.SetStage.Parameters, _: CallContext) async throws -> Plans.SetStage.Reply {
    _ = try machine.enter("SetStage", p)
    return .init(plan: Samples.plan)
  }
}

struct StubAudit: Audit.Handler {
  let machine: StubMachine

  func tail(
    _ p: Audit.Tail.Parameters, _ replies: Replies<Audit.Tail.Reply>, _: CallContext
  ) async throws -> Audit.Tail.Reply {
    _ = try machine.enter("Tail", p)
    try await replies.send(
      .init(entries: [
        .init(
          sequence: 12, atUs: Samples.noon, actor: "uid 4000000000 gid 1000 pid 7 (stipplectl)",
          role: "technician",
          verb: "session.open", detail: "client 7", session: "20261121-1", hash: Samples.hash)
      ]))
    return .init(entries: [])
  }

  func verify(_ p: Audit.Verify.Parameters, _: CallContext) async throws -> Audit.Verify.Reply {
    try machine.enter("Verify", p).auditVerdict
  }
}
