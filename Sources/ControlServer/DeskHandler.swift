import Treatment
import Varlink

/// A handler that asks the desk: who may ask, and what a refusal is called.
protocol DeskHandler {
  associatedtype Interface: VarlinkNamespace
  var policy: RolePolicy { get }
  /// The role for changes, unless a method names another.
  var roleForChanges: RolePolicy.Role { get }
  /// What has to be the case instead of a state of the machine in which something is refused.
  var neededState: String { get }
}

extension DeskHandler {
  var roleForChanges: RolePolicy.Role { .technician }
  var neededState: String { "standby: disarm first" }

  /// Who calls, for the audit. Throws the interface's NotAuthorized for a caller without the role.
  func author(_ context: CallContext, needs role: RolePolicy.Role? = nil) throws -> Author {
    let role = role ?? roleForChanges
    if let author = policy.author(context.peer, needs: role) { return author }
    let refusal = TreatmentError.notAuthorized(role: role.name)
    throw DeskRefusal(refusal, needed: neededState).error(of: Interface.self) ?? ServiceError.permissionDenied
  }

  /// Runs something on the desk; its refusals become the interface's errors.
  func translated<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as TreatmentError {
      throw DeskRefusal(error, needed: neededState).error(of: Interface.self) ?? error
    }
  }
}
