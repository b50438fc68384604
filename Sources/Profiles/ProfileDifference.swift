/// One field that two profiles differ in, each value in one unit, beside the ceiling that binds the new one.
public struct ProfileDifference: Hashable, Sendable, CustomStringConvertible {
  public let field: String
  /// `nil` where the field is not in the old profile.
  public let old: String?
  /// `nil` where the field is not in the new profile.
  public let new: String?
  public let ceiling: String?
  /// Whose ceiling that is.
  public let ceilingSource: String?

  /// `depth 0.45 mm → 0.5 mm`.
  public var description: String { "\(field) \(old ?? "none") → \(new ?? "none")" }
}

extension NeedleProfile {
  /// What differs from an older profile, in the order in which profiles list their fields.
  public func differences(from old: NeedleProfile, in surroundings: NeedleSurroundings)
    -> [ProfileDifference]
  {
    let before = [ProfileRow("description", old.summary)] + old.rows(in: surroundings)
    let after = [ProfileRow("description", summary)] + rows(in: surroundings)
    let changed = after.compactMap { row -> ProfileDifference? in
      let was = before.first { $0.field == row.field }?.value
      guard was != row.value else { return nil }
      return ProfileDifference(
        field: row.field, old: was, new: row.value, ceiling: row.ceiling, ceilingSource: row.ceilingSource)
    }
    let gone = before.filter { row in !after.contains { $0.field == row.field } }.map { row in
      ProfileDifference(field: row.field, old: row.value, new: nil, ceiling: nil, ceilingSource: nil)
    }
    return changed + gone
  }
}
