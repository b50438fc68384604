import ControlInterface
import Varlink

struct StubProfiles: Profiles.Handler {
  let machine: StubMachine

  private func named(_ name: String) throws -> Profiles.Profile {
    guard name == Samples.profile.name else {
      throw Profiles.NotFound(name: name, nearest: Samples.profile.name)
    }
    return Samples.profile
  }

  func list(_ p: Profiles.List.Parameters, _: CallContext) async throws -> Profiles.List.Reply {
    _ = try machine.enter("Profiles.List", p)
    return .init(profiles: [Samples.profile])
  }

  func get(_ p: Profiles.Get.Parameters, _: CallContext) async throws -> Profiles.Get.Reply {
    _ = try machine.enter("Profiles.Get", p)
    return .init(profile: try named(p.name), text: "name: \(p.name)\n")
  }

  func validate(_ p: Profiles.Validate.Parameters, _: CallContext) async throws -> Profiles.Validate.Reply {
    .init(problems: try machine.enter("Validate", p).problems)
  }

  func activate(_ p: Profiles.Activate.Parameters, _: CallContext) async throws -> Profiles.Activate.Reply {
    _ = try machine.enter("Activate", p)
    return .init(profile: try named(p.name))
  }
}

struct StubSimulation: Simulation.Handler {
  let machine: StubMachine

  func pedal(_ p: Simulation.Pedal.Parameters, _: CallContext) async throws -> Simulation.Pedal.Reply {
    _ = try machine.enter("Pedal", p)
    return .init()
  }

  func emergencyStop(_ p: Simulation.EmergencyStop.Parameters, _: CallContext) async throws
    -> Simulation.EmergencyStop.Reply
  {
    _ = try machine.enter("EmergencyStop", p)
    return .init()
  }

  func `guard`(_ p: Simulation.Guard.Parameters, _: CallContext) async throws -> Simulation.Guard.Reply {
    _ = try machine.enter("Guard", p)
    return .init()
  }

  func cartridge(_ p: Simulation.Cartridge.Parameters, _: CallContext) async throws
    -> Simulation.Cartridge.Reply
  {
    _ = try machine.enter("Cartridge", p)
    return .init()
  }

  func inject(_ p: Simulation.Inject.Parameters, _: CallContext) async throws -> Simulation.Inject.Reply {
    _ = try machine.enter("Inject", p)
    guard p.fault == "needle_stuck" else {
      throw Simulation.NotFound(fault: p.fault, known: ["needle_stuck", "drive_mute"])
    }
    return .init()
  }
}
