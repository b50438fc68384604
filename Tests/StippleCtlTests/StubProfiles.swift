import ControlInterface
import Varlink

struct StubProfiles: Profiles.Handler {
  let machine: StubMachine

  private func named(_ name: String) throws -> Profiles.Profile {
    guard name == Samples.profile.name else {
      throw Profiles.NotFound(kind: "needle profile", name: name, known: [Samples.profile.name])
    }
    return Samples.profile
  }

  func list(_ p: Profiles.List.Parameters, _: CallContext) async throws -> Profiles.List.Reply {
    .init(profiles: [Samples.profile], proposal: try machine.enter("Profiles.List", p).proposal)
  }

  func get(_ p: Profiles.Get.Parameters, _: CallContext) async throws -> Profiles.Get.Reply {
    _ = try machine.enter("Profiles.Get", p)
    return .init(profile: try named(p.name), text: "name: \(p.name)\n")
  }

  func diff(_ p: Profiles.Diff.Parameters, _: CallContext) async throws -> Profiles.Diff.Reply {
    let script = try machine.enter("Diff", p)
    _ = try named(p.name)
    if let text = p.text { try refuse(text, script) }
    return .init(
      differences: Samples.proposal.differences, text: "depth: 0.5 mm\n", warnings: ["0.5 mm is unusual"])
  }

  func propose(_ p: Profiles.Propose.Parameters, _: CallContext) async throws -> Profiles.Propose.Reply {
    let script = try machine.enter("Propose", p)
    _ = try named(p.name)
    if let proposal = script.proposal { throw Profiles.BeingChanged(proposal: proposal) }
    if let text = p.text { try refuse(text, script) }
    return .init(proposal: Samples.proposal, warnings: ["0.5 mm is unusual"])
  }

  func confirm(_ p: Profiles.Confirm.Parameters, _: CallContext) async throws -> Profiles.Confirm.Reply {
    if let refusal = try machine.enter("Confirm", p).confirmation { throw refusal }
    var profile = Samples.profile
    profile.version = 4
    return .init(profile: profile)
  }

  func reject(_ p: Profiles.Reject.Parameters, _: CallContext) async throws -> Profiles.Reject.Reply {
    _ = try machine.enter("Reject", p)
    return .init(profile: Samples.profile)
  }

  func history(_ p: Profiles.History.Parameters, _: CallContext) async throws -> Profiles.History.Reply {
    _ = try machine.enter("History", p)
    _ = try named(p.name)
    return .init(versions: Samples.versions)
  }

  func restore(_ p: Profiles.Restore.Parameters, _: CallContext) async throws -> Profiles.Restore.Reply {
    _ = try machine.enter("Restore", p)
    var profile = try named(p.name)
    profile.version = 4
    return .init(profile: profile, differences: Samples.proposal.differences)
  }

  private func refuse(_ text: String, _ script: StubMachine.Script) throws {
    guard let refused = script.refusedText, text.contains(refused) else { return }
    throw Profiles.ProfileRefused(problems: script.problems, text: text)
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
