public import ControlInterface
public import Varlink

/// What a person, or bad luck, does to a virtual machine.
public enum SimulatedAction: Sendable {
  case pedal(down: Bool)
  case emergencyStop(open: Bool)
  case guardCover(open: Bool)
  case cartridge(inserted: Bool)
  case inject(fault: String, afterMilliseconds: Int)
}

/// Serves `org.stipple.Simulation`, on virtual machines only.
public struct SimulationHandler: Simulation.Handler {
  /// What became of an action.
  public enum Outcome: Sendable {
    case done
    /// The machine's mailbox is full: too many actions at once.
    case busy
    case unknownFault(known: [String])
  }

  private let policy: RolePolicy
  private let perform: @Sendable (SimulatedAction) -> Outcome

  public init(policy: RolePolicy, perform: @escaping @Sendable (SimulatedAction) -> Outcome) {
    self.policy = policy
    self.perform = perform
  }

  public func pedal(_ parameters: Simulation.Pedal.Parameters, _ context: CallContext) async throws
    -> Simulation.Pedal.Reply
  {
    try carryOut(.pedal(down: parameters.down), context)
    return Simulation.Pedal.Reply()
  }

  public func emergencyStop(_ parameters: Simulation.EmergencyStop.Parameters, _ context: CallContext)
    async throws -> Simulation.EmergencyStop.Reply
  {
    try carryOut(.emergencyStop(open: parameters.open), context)
    return Simulation.EmergencyStop.Reply()
  }

  public func `guard`(_ parameters: Simulation.Guard.Parameters, _ context: CallContext) async throws
    -> Simulation.Guard.Reply
  {
    try carryOut(.guardCover(open: parameters.open), context)
    return Simulation.Guard.Reply()
  }

  public func cartridge(_ parameters: Simulation.Cartridge.Parameters, _ context: CallContext) async throws
    -> Simulation.Cartridge.Reply
  {
    try carryOut(.cartridge(inserted: parameters.inserted), context)
    return Simulation.Cartridge.Reply()
  }

  public func inject(_ parameters: Simulation.Inject.Parameters, _ context: CallContext) async throws
    -> Simulation.Inject.Reply
  {
    let delay = parameters.afterMs ?? 0
    guard (0...3_600_000).contains(delay) else {
      throw Simulation.InvalidValue(field: "after_ms", value: "\(delay)", limit: "0 to 3600000, an hour")
    }
    try carryOut(.inject(fault: parameters.fault, afterMilliseconds: delay), context)
    return Simulation.Inject.Reply()
  }

  private func carryOut(_ action: SimulatedAction, _ context: CallContext) throws {
    guard policy.role(of: context.peer) >= .technician else {
      throw Simulation.NotAuthorized(role: .technician)
    }
    switch perform(action) {
    case .done: return
    case .busy:
      throw Simulation.InvalidValue(field: "action", value: "\(action)", limit: "too many at once; try again")
    case .unknownFault(let known):
      guard case .inject(let fault, _) = action else { return }
      throw Simulation.NotFound(fault: fault, known: known)
    }
  }
}
