import NeedleSafety
import Units

/// For each field of a needle profile the ceiling that binds it, the tightest over the cartridges it allows, and whose that is.
struct BindingCeilings {
  let surroundings: NeedleSurroundings
  private let bindings: [Binding]

  init(profile: NeedleProfile, surroundings: NeedleSurroundings) {
    self.surroundings = surroundings
    let known = profile.cartridges.compactMap { surroundings.cartridges[$0] }
    let choices: [CartridgeProfile?] = known.isEmpty ? [nil] : known
    bindings = choices.map { Binding(profile: profile, surroundings: surroundings, cartridge: $0) }
  }

  func row<Value: Comparable>(_ field: String, _ value: String, _ path: KeyPath<Ceilings, Value>)
    -> ProfileRow
  {
    guard let tightest = tightest(path) else { return ProfileRow(field, value) }
    return ProfileRow(
      field, value, ceiling: "\(tightest.composed[keyPath: path])", of: tightest.source(path))
  }

  /// The depth ceiling of the strictest group that the profile is for.
  func depthRow(_ value: String, in groups: [DepthGroup]) -> ProfileRow {
    let all = groups.flatMap { group in bindings.map { (group, $0) } }
    let tightest = all.min { $0.1.composed.depth(in: $0.0) < $1.1.composed.depth(in: $1.0) }
    guard let (group, binding) = tightest else { return row("depth", value, \.depthBench) }
    return ProfileRow(
      "depth", value, ceiling: "\(binding.composed.depth(in: group))", of: binding.source(depthIn: group))
  }

  /// What the dwell itself may be at the profile's rate: the ceiling of the time out, less both ways.
  func dwellRow(_ settings: StrokeSettings) -> ProfileRow {
    let value = "\(settings.dwell)"
    guard let period = settings.rate.period,
      let binding = bindings.min(by: { $0.composed.dwell(at: period) < $1.composed.dwell(at: period) })
    else { return ProfileRow("dwell", value) }
    let timeOut = binding.composed.dwell(at: period)
    let source =
      timeOut < binding.composed.dwell
      ? "\(binding.composed.dwellPercentOfPeriod) % of the period" : binding.source(\.dwell)
    guard case .linear(let geometry) = surroundings.machine?.drivetrain else {
      return ProfileRow("dwell", value, ceiling: "\(timeOut)", of: source)
    }
    let least = max(.zero, timeOut - geometry.extendTravel - geometry.retractTravel)
    return ProfileRow("dwell", value, ceiling: "\(least)", of: source + " less both ways")
  }

  private func tightest<Value: Comparable>(_ path: KeyPath<Ceilings, Value>) -> Binding? {
    bindings.min { $0.composed[keyPath: path] < $1.composed[keyPath: path] }
  }
}
