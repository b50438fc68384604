import NeedleSafety
import Units

extension CartridgeProfile {
  /// The profile in its canonical form, for hashing and for diffs.
  public var canonicalText: String {
    CanonicalText.of(.cartridge, name: name, summary: summary, rows: rows)
  }

  /// Every field but name and description, with the bound that holds it.
  public var rows: [ProfileRow] {
    let absolute = Ceilings.absolute
    return [
      ProfileRow("configuration", configuration.rawValue),
      ProfileRow("needle_count", "\(needleCount)"),
      ProfileRow("diameter", "\(diameter)"),
      ProfileRow("membrane", "\(hasMembrane)"),
      ProfileRow("stroke_life", "\(strokeLife)"),
      ProfileRow("maximum_rate", "\(maximumRate)", ceiling: "\(absolute.strokeRate)"),
      ProfileRow("maximum_depth", "\(maximumDepth)", ceiling: "\(absolute.depthBench)"),
    ]
  }
}
