import ControlInterface

/// What differs between two versions of a profile: old → new, and beside it what the new value may be at most.
struct DifferenceText {
  var differences: [Profiles.Difference]
  var paint: Paint
  var width: Int

  /// `0.45 mm → 0.5 mm`.
  static func values(_ difference: Profiles.Difference) -> String {
    "\(difference.old ?? "none") → \(difference.new ?? "none")"
  }

  var text: String {
    guard !differences.isEmpty else { return "  Only comments or layout differ; no value does." }
    let rows = differences.map(Row.init)
    let label = rows.reduce(0) { max($0, TextWidth.of($1.label)) }
    let narrow = rows.filter { !$0.isLong }
    let old = narrow.reduce(0) { max($0, TextWidth.of($1.old)) }
    let new = narrow.reduce(0) { max($0, TextWidth.of($1.new)) }
    return rows.map { $0.isLong ? long($0, label) : short($0, label, old, new) }.joined(separator: "\n")
  }

  private struct Row {
    /// Lists and sentences do not fit beside each other.
    static let longest = 16

    var label: String
    var old: String
    var new: String
    var ceiling: String

    init(_ difference: Profiles.Difference) {
      label = TextWidth.harmless(DifferenceText.label(difference.field))
      old = TextWidth.harmless(difference.old ?? "none")
      new = TextWidth.harmless(difference.new ?? "none")
      let source = difference.ceilingSource.map { " (\($0))" } ?? ""
      ceiling = difference.ceiling.map { TextWidth.harmless("at most \($0)\(source)") } ?? ""
    }

    var isLong: Bool { TextWidth.of(old) > Self.longest || TextWidth.of(new) > Self.longest }
  }

  private static func label(_ field: String) -> String {
    let words = field.map { $0 == "_" ? " " : $0 }
    return (words.first?.uppercased() ?? "") + String(words.dropFirst())
  }

  private func short(_ row: Row, _ label: Int, _ old: Int, _ new: Int) -> String {
    let start = "  \(TextWidth.padded(row.label, to: label))  \(TextWidth.padded(row.old, to: old)) → "
    let value = TextWidth.padded(row.new, to: row.ceiling.isEmpty ? TextWidth.of(row.new) : new)
    let used = TextWidth.of(start) + TextWidth.of(value)
    let line =
      "  \(paint.dim(TextWidth.padded(row.label, to: label)))  "
      + "\(TextWidth.padded(row.old, to: old)) → \(paint.bold(value))"
    guard !row.ceiling.isEmpty else { return line }
    let parts = TextWidth.wrapped(row.ceiling, to: max(20, width - used - 2))
    let below = String(repeating: " ", count: used + 2)
    return line + "  " + parts.map(paint.dim).joined(separator: "\n" + below)
  }

  private func long(_ row: Row, _ label: Int) -> String {
    let below = String(repeating: " ", count: label + 4)
    let room = max(20, width - label - 6)
    let old = TextWidth.wrapped(row.old, to: room).joined(separator: "\n  \(below)")
    let new = TextWidth.wrapped(row.new, to: room).map(paint.bold).joined(separator: "\n  \(below)")
    return "  \(paint.dim(TextWidth.padded(row.label, to: label)))  - \(old)\n\(below)+ \(new)"
  }
}
