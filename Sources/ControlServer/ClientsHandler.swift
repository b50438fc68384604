import Catalog
public import ControlInterface
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Clients`.
public struct ClientsHandler: Clients.Handler, DeskHandler {
  typealias Interface = Clients
  private let desk: Desk
  let policy: RolePolicy

  public init(desk: Desk, policy: RolePolicy) {
    self.desk = desk
    self.policy = policy
  }

  public func create(_ parameters: Clients.Create.Parameters, _ context: CallContext) async throws
    -> Clients.Create.Reply
  {
    let author = try author(context)
    let client = try await translated { try await desk.createClient(parameters.code, by: author) }
    return Clients.Create.Reply(client: describe(client))
  }

  public func recordConsent(_ parameters: Clients.RecordConsent.Parameters, _ context: CallContext)
    async throws -> Clients.RecordConsent.Reply
  {
    let author = try author(context)
    let client = try await translated {
      try await desk.recordConsent(parameters.reference, client: parameters.code, by: author)
    }
    return Clients.RecordConsent.Reply(client: describe(client))
  }

  public func erase(_ parameters: Clients.Erase.Parameters, _ context: CallContext) async throws
    -> Clients.Erase.Reply
  {
    let author = try author(context, needs: .service)
    let sessions = try await translated {
      try await desk.eraseClient(parameters.code, reason: parameters.reason, by: author)
    }
    return Clients.Erase.Reply(sessions: sessions)
  }

  public func list(_ parameters: Clients.List.Parameters, _: CallContext) async throws -> Clients.List.Reply {
    let limit = parameters.limit ?? 100
    guard (1...500).contains(limit) else {
      throw Clients.InvalidValue(field: "limit", value: "\(limit)", limit: "1 to 500")
    }
    let found = try await translated { try await desk.clients(limit: limit) }
    return Clients.List.Reply(clients: found.map(describe))
  }

  private func describe(_ client: ClientEntry) -> Clients.Entry {
    Clients.Entry(
      code: client.code, number: Int(client.id), consent: client.consent,
      consentAtUs: client.consentAt?.microseconds, createdAtUs: client.createdAt.microseconds,
      sessions: client.sessions, lastSessionAtUs: client.lastSessionAt?.microseconds)
  }
}
