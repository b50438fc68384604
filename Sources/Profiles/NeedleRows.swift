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
    let limits = BindingCeilings(profile: self, surroundings: surroundings)
    var rows = [
      ProfileRow("mode", settings.mode.name),
      limits.row("rate", "\(settings.rate)", \.strokeRate),
      limits.depthRow("\(settings.depth)", in: groups.map(\.group)),
      limits.dwellRow(settings),
    ]
    if settings.mode == .dot {
      rows.append(limits.row("strokes_per_dot", "\(settings.strokesPerDot)", \.strokesPerDot))
      let rate = settings.dotRate > .zero ? "\(settings.dotRate)" : "none"
      rows.append(limits.row("dot_rate", rate, \.dotRate))
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

  private func list(_ words: [String]) -> String { "[" + words.joined(separator: ", ") + "]" }
}
