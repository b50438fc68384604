import NeedleSafety
import Units

extension NeedleProfile {
  /// The profile in its canonical form, for hashing and for diffs.
  public var canonicalText: String {
    CanonicalText.of(.needle, name: name, summary: summary, rows: rows(in: nil))
  }

  /// Every field but name and description, each value in one unit, with the ceiling that binds it in these surroundings:
  /// the tightest over the allowed cartridges and zones.
  public func rows(in surroundings: NeedleSurroundings?) -> [ProfileRow] {
    let surroundings = surroundings ?? .unknown
    let binding = tightest(in: surroundings)
    let depth = groups.map { binding.depth(in: $0.group) }.min() ?? binding.depthBench
    let dwell = dwellCeiling(binding, machine: surroundings.machine)
    var rows = [
      ProfileRow("mode", settings.mode.name),
      ProfileRow("rate", "\(settings.rate)", ceiling: "\(binding.strokeRate)"),
      ProfileRow("depth", "\(settings.depth)", ceiling: "\(depth)"),
      ProfileRow("dwell", "\(settings.dwell)", ceiling: dwell),
    ]
    if settings.mode == .dot {
      rows.append(
        ProfileRow("strokes_per_dot", "\(settings.strokesPerDot)", ceiling: "\(binding.strokesPerDot)"))
      let rate = settings.dotRate > .zero ? "\(settings.dotRate)" : "none"
      rows.append(ProfileRow("dot_rate", rate, ceiling: "\(binding.dotRate)"))
    }
    if isBench { rows.append(ProfileRow("bench", "true")) }
    if !cartridges.isEmpty { rows.append(ProfileRow("cartridges", list(cartridges))) }
    if !zones.isEmpty { rows.append(ProfileRow("zones", list(zones.map(\.name)))) }
    if !attributes.isEmpty { rows.append(ProfileRow("attributes", list(attributes.names))) }
    return rows + ceilingRows(surroundings)
  }

  /// Only the ceilings this profile tightens.
  private func ceilingRows(_ surroundings: NeedleSurroundings) -> [ProfileRow] {
    CeilingField.all.compactMap { field in
      let own = field.shown(ceilings)
      let outer = field.shown(surroundings.machineCeilings)
      guard own != field.shown(.absolute) else { return nil }
      return ProfileRow("ceilings.\(field.key)", own, ceiling: outer)
    }
  }

  private func tightest(in surroundings: NeedleSurroundings) -> Ceilings {
    cartridges.compactMap { surroundings.cartridges[$0] }.reduce(
      .tightest(.tightest(.absolute, surroundings.machineCeilings), ceilings)
    ) { $1.tighten($0) }
  }

  /// What the dwell itself may be at the profile's rate: the ceiling of the time out, less both ways.
  private func dwellCeiling(_ ceilings: Ceilings, machine: MachineProfile?) -> String? {
    guard let period = settings.rate.period else { return nil }
    let timeOut = ceilings.dwell(at: period)
    guard case .linear(let geometry) = machine?.drivetrain else { return "\(timeOut)" }
    return "\(max(.zero, timeOut - geometry.extendTravel - geometry.retractTravel))"
  }

  private func list(_ words: [String]) -> String { "[" + words.joined(separator: ", ") + "]" }
}
