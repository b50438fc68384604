import Catalog
public import ControlInterface
import NeedleSafety
import Profiles
import StrokeControl
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Profiles`.
public struct ProfilesHandler: ControlInterface.Profiles.Handler, DeskHandler {
  public typealias Interface = ControlInterface.Profiles
  let desk: Desk
  let policy: RolePolicy
  let clock: TreatmentClock

  public init(desk: Desk, policy: RolePolicy, clock: TreatmentClock) {
    self.desk = desk
    self.policy = policy
    self.clock = clock
  }

  public func list(_: Interface.List.Parameters, _: CallContext) async throws -> Interface.List.Reply {
    let active = await desk.activeProfile
    return Interface.List.Reply(
      profiles: await desk.profiles.map { describe($0, active) },
      proposal: await desk.proposedChange.map(describe))
  }

  public func get(_ parameters: Interface.Get.Parameters, _: CallContext) async throws -> Interface.Get.Reply
  {
    let active = await desk.activeProfile
    let shelved = try await found {
      guard let number = parameters.version else { return try await desk.shelved(parameters.name) }
      return try await desk.shelved(parameters.name, version: try self.number(number, of: parameters.name))
    }
    return Interface.Get.Reply(profile: describe(shelved, active), text: shelved.version.text)
  }

  public func validate(_ parameters: Interface.Validate.Parameters, _: CallContext) async throws
    -> Interface.Validate.Reply
  {
    let decoded = NeedleProfile.decode(
      ProfileSource(file: "profile", text: parameters.text, isNamed: false), in: desk.library.surroundings)
    return Interface.Validate.Reply(problems: decoded.problems.map(describe))
  }

  public func diff(_ parameters: Interface.Diff.Parameters, _: CallContext) async throws
    -> Interface.Diff.Reply
  {
    let name = parameters.name
    let isVersion = parameters.version != nil && parameters.changes == nil && parameters.text == nil
    let edit = isVersion ? nil : try edit(parameters.changes, parameters.text)
    let result = try await found(text: parameters.text) {
      let old = try await standing(name, parameters.fromVersion)
      if let number = parameters.version {
        let new = try await desk.shelved(name, version: try self.number(number, of: name))
        return (new.version.text, new.warnings, await desk.differences(from: old.profile, to: new.profile))
      }
      let made = try await desk.preview(name, edit ?? .changes([]))
      return (made.text, made.warnings, await desk.differences(from: old.profile, to: made.profile))
    }
    return Interface.Diff.Reply(differences: result.2.map(describe), text: result.0, warnings: result.1)
  }

  public func propose(_ parameters: Interface.Propose.Parameters, _ context: CallContext) async throws
    -> Interface.Propose.Reply
  {
    let author = try author(context)
    let edit = try edit(parameters.changes, parameters.text)
    let seconds = parameters.confirmS ?? 60
    guard (1...600).contains(seconds) else {
      throw Interface.InvalidValue(field: "confirm_s", value: "\(seconds) s", limit: "1 to 600 s")
    }
    let base = try parameters.baseVersion.map { try number($0, of: parameters.name) }
    let holder = parameters.hold == true ? context.connection.number : nil
    let made = try await found(text: parameters.text) {
      try await desk.propose(
        parameters.name, edit, basedOn: base, within: .seconds(Int64(seconds)), holder: holder, by: author)
    }
    // The connection may have ended while the change was made, before there was anything to take back.
    if let holder, await !context.isConnected { await desk.connectionEnded(holder) }
    return Interface.Propose.Reply(proposal: describe(made.change), warnings: made.warnings)
  }

  public func confirm(_ parameters: Interface.Confirm.Parameters, _ context: CallContext) async throws
    -> Interface.Confirm.Reply
  {
    let author = try author(context)
    let profile = try await found { try await desk.confirm(parameters.ticket, by: author) }
    return Interface.Confirm.Reply(profile: describe(profile, await desk.activeProfile))
  }

  public func reject(_ parameters: Interface.Reject.Parameters, _ context: CallContext) async throws
    -> Interface.Reject.Reply
  {
    let author = try author(context)
    let profile = try await found { try await desk.reject(parameters.ticket, by: author) }
    return Interface.Reject.Reply(profile: describe(profile, await desk.activeProfile))
  }

  public func activate(_ parameters: Interface.Activate.Parameters, _ context: CallContext) async throws
    -> Interface.Activate.Reply
  {
    let author = try author(context)
    let profile = try await found { try await desk.activate(parameters.name, by: author) }
    return Interface.Activate.Reply(profile: describe(profile, profile.name))
  }

  public func history(_ parameters: Interface.History.Parameters, _: CallContext) async throws
    -> Interface.History.Reply
  {
    let limit = parameters.limit ?? 50
    guard (1...500).contains(limit) else {
      throw Interface.InvalidValue(field: "limit", value: "\(limit)", limit: "1 to 500")
    }
    let (versions, current) = try await found {
      (try await desk.versions(of: parameters.name), try? await desk.shelved(parameters.name).version.number)
    }
    return Interface.History.Reply(
      versions: versions.suffix(limit).reversed().map { describe($0, isCurrent: $0.number == current) })
  }

  public func restore(_ parameters: Interface.Restore.Parameters, _ context: CallContext) async throws
    -> Interface.Restore.Reply
  {
    let author = try author(context)
    let number = try number(parameters.version, of: parameters.name)
    let restored = try await found {
      try await desk.restoreProfile(parameters.name, to: number, by: author)
    }
    return Interface.Restore.Reply(
      profile: describe(restored.profile, await desk.activeProfile),
      differences: restored.differences.map(describe))
  }

  /// A held change is taken back; the desk takes its own time for it.
  public func connectionClosed(_ connection: ConnectionID) {
    Task { await desk.connectionEnded(connection.number) }
  }

  private func standing(_ name: String, _ version: Int?) async throws -> ShelvedProfile {
    guard let version else { return try await desk.shelved(name) }
    return try await desk.shelved(name, version: try number(version, of: name))
  }

  private func number(_ version: Int, of name: String) throws -> UInt32 {
    guard let number = UInt32(exactly: version), number > 0 else {
      throw Interface.NotFound(kind: "version of \(name)", name: "\(version)", known: [])
    }
    return number
  }

  /// Changes or a text, one of them.
  private func edit(_ changes: [Interface.Change]?, _ text: String?) throws -> ProfileEdit {
    switch (changes, text) {
    case (nil, let text?): return .text(text)
    case (let changes?, nil) where !changes.isEmpty:
      return .changes(
        try changes.map { change in
          guard let wanted = NeedleChange(named: change.field, value: change.value) else {
            throw Interface.InvalidValue(
              field: "field", value: change.field, limit: NeedleChange.expected(insteadOf: change.field))
          }
          return wanted
        })
    default:
      throw Interface.InvalidValue(
        field: "changes", value: "", limit: "one of: changes (at least one), a whole text")
    }
  }

  /// As ``translated(_:)``, with the refusals that only this interface has.
  private func found<Value>(text: String? = nil, _ body: () async throws -> Value) async throws -> Value {
    try await translated {
      do {
        return try await body()
      } catch TreatmentError.profileRefused(let problems, let made) {
        throw Interface.ProfileRefused(problems: problems.map(describe), text: text ?? made)
      } catch TreatmentError.beingChanged(let change) {
        throw Interface.BeingChanged(proposal: describe(change))
      }
    }
  }
}
