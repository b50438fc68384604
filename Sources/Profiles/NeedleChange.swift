public import Units

/// One changed field of a needle profile, as written on the command line: `depth=0.5mm`.
public struct NeedleChange: Equatable, Sendable {
  /// The fields a person may change from the command line; the others are edited in the text.
  public static let fields = ["mode", "rate", "depth", "dwell", "strokes_per_dot", "dot_rate"]

  public let field: String
  public let value: String

  /// From `field=value`. `-` in the field counts as `_`. Throws a sentence that says what is expected.
  public init(_ text: String) throws(QuantityProblem) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw QuantityProblem("'\(text)' is not a change; expected field=value such as depth=0.5mm")
    }
    let field = String(parts[0].map { $0 == "-" ? "_" : $0 })
    guard Self.fields.contains(field) else {
      let near = NearestWord.suggestion(for: field, in: Self.fields)
      throw QuantityProblem(
        "'\(field)' is not one of \(Self.fields.joined(separator: ", "))\(near)")
    }
    self.field = field
    value = String(parts[1])
  }
}

extension NeedleProfile {
  /// The profile with some fields changed, decoded and checked as if its file said so. Problems speak of the canonical text.
  public func changing(_ changes: [NeedleChange], in surroundings: NeedleSurroundings) -> Decoded<
    NeedleProfile
  > {
    var rows = rows(in: nil)
    for change in changes {
      // Quoted, so that no value can be read as YAML of its own.
      let row = ProfileRow(change.field, change.value, isText: true)
      if let index = rows.firstIndex(where: { $0.field == change.field }) {
        rows[index] = row
      } else {
        rows.insert(row, at: rows.firstIndex { $0.field.hasPrefix("ceilings.") } ?? rows.endIndex)
      }
    }
    if changes.last(where: { $0.field == "mode" })?.value == "continuous" {
      rows.removeAll { $0.field == "strokes_per_dot" || $0.field == "dot_rate" }
    }
    let text = CanonicalText.of(.needle, name: name, summary: summary, rows: rows)
    return NeedleProfile.decode(ProfileSource(file: "\(name).yaml", text: text), in: surroundings)
  }
}
