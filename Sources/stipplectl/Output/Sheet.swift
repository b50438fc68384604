/// Names with what they stand for, the values under each other; long values go on below.
struct Sheet {
  private var rows: [(label: String, value: String)] = []

  /// A row; none when the value is nil.
  mutating func add(_ label: String, _ value: String?) {
    guard let value else { return }
    rows.append((label, TextWidth.harmless(value)))
  }

  /// `marks` repaints a value by its label once it is laid out.
  func text(_ paint: Paint, width: Int, marks: [String: (String) -> String] = [:]) -> String {
    let labelWidth = rows.reduce(0) { max($0, TextWidth.of($1.label)) }
    let valueWidth = max(20, width - labelWidth - 2)
    let lines = rows.flatMap { row in
      TextWidth.wrapped(row.value, to: valueWidth).enumerated().map { index, part in
        let label = TextWidth.padded(index == 0 ? row.label : "", to: labelWidth)
        return paint.dim(label) + "  " + (marks[row.label]?(part) ?? part)
      }
    }
    return lines.joined(separator: "\n")
  }
}
