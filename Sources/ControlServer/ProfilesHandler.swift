public import ControlInterface
import NeedleSafety
import Profiles
import StrokeControl
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Profiles`.
public struct ProfilesHandler: ControlInterface.Profiles.Handler {
  private typealias Wire = ControlInterface.Profiles
  private let desk: Desk
  private let policy: RolePolicy

  public init(desk: Desk, policy: RolePolicy) {
    self.desk = desk
    self.policy = policy
  }

  public func list(_: ControlInterface.Profiles.List.Parameters, _: CallContext) async throws
    -> ControlInterface.Profiles.List.Reply
  {
    let active = await desk.activeProfile
    let all = desk.library.needleNames.compactMap { desk.library.needles[$0] }
    return ControlInterface.Profiles.List.Reply(profiles: all.map { describe($0, active) })
  }

  public func get(_ parameters: ControlInterface.Profiles.Get.Parameters, _: CallContext) async throws
    -> ControlInterface.Profiles.Get.Reply
  {
    guard let profile = desk.library.needles[parameters.name] else {
      throw Wire.NotFound(
        name: parameters.name, nearest: desk.library.nearestNeedle(to: parameters.name))
    }
    return ControlInterface.Profiles.Get.Reply(
      profile: describe(profile, await desk.activeProfile), text: profile.canonicalText)
  }

  public func validate(_ parameters: ControlInterface.Profiles.Validate.Parameters, _: CallContext)
    async throws
    -> ControlInterface.Profiles.Validate.Reply
  {
    let decoded = NeedleProfile.decode(
      ProfileSource(file: "profile", text: parameters.text), in: desk.library.surroundings)
    return ControlInterface.Profiles.Validate.Reply(
      problems: decoded.problems.map {
        Wire.Problem(
          line: $0.line, column: $0.column, message: $0.message, value: $0.value, ceiling: $0.ceiling)
      })
  }

  public func activate(_ parameters: ControlInterface.Profiles.Activate.Parameters, _ context: CallContext)
    async throws -> ControlInterface.Profiles.Activate.Reply
  {
    guard let author = policy.author(context.peer, needs: .technician) else {
      throw Wire.NotAuthorized(role: .technician)
    }
    do {
      let profile = try await desk.activate(parameters.name, by: author)
      return ControlInterface.Profiles.Activate.Reply(profile: describe(profile, profile.name))
    } catch let error as TreatmentError {
      switch error {
      case .notFound(_, let name, let known): throw Wire.NotFound(name: name, nearest: known.first)
      case .invalidValue(let field, let value, let limit):
        throw Wire.InvalidValue(field: field, value: value, limit: limit)
      case .wrongState(let state): throw Wire.WrongState(state: state.name)
      default: throw Wire.WrongState(state: "\(error)")
      }
    }
  }

  private func describe(_ profile: NeedleProfile, _ active: String?) -> ControlInterface.Profiles.Profile {
    let settings = profile.settings
    let isDot = settings.mode == .dot
    return ControlInterface.Profiles.Profile(
      name: profile.name, description: profile.summary, mode: isDot ? .dot : .continuous,
      rateHz: settings.rate.hertz, depthUm: Int(settings.depth.count),
      dwellUs: desk.machine.dwell(of: settings).microseconds,
      strokesPerDot: Int(settings.strokesPerDot), dotRateHz: isDot ? settings.dotRate.hertz : nil,
      cartridges: profile.cartridges, zones: profile.zones.map(\.name), isActive: profile.name == active,
      isFactory: true,
      warnings: desk.library.warnings.filter { $0.file.hasSuffix("/\(profile.name).yaml") }.map(\.message))
  }
}
