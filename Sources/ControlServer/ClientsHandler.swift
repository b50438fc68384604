import Catalog
public import ControlInterface
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Clients`.
public struct ClientsHandler: Clients.Handler {
  private let desk: Desk
  private let policy: RolePolicy

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

  private func author(_ context: CallContext, needs role: RolePolicy.Role = .technician) throws -> Author {
    guard let author = policy.author(context.peer, needs: role) else {
      throw Clients.NotAuthorized(role: role == .service ? .service : .technician)
    }
    return author
  }

  private func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as TreatmentError {
      switch DeskRefusal(error) {
      case .notAuthorized(let role):
        throw Clients.NotAuthorized(role: Clients.Role(rawValue: role) ?? .service)
      case .wrongState(let state, let needed): throw Clients.WrongState(is: state, needed: needed)
      case .invalidValue(let field, let value, let limit):
        throw Clients.InvalidValue(field: field, value: value, limit: limit)
      case .notFound(let kind, let name, let known):
        throw Clients.NotFound(kind: kind, name: name, known: known)
      case .storageFailed(let reason): throw Clients.StorageFailed(reason: reason)
      }
    }
  }
}
