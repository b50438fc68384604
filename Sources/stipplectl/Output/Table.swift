/// Rows under a heading, in columns as wide as their widest cell.
struct Table {
  enum Alignment {
    case left, right
  }

  struct Column {
    var title: String
    var alignment = Alignment.left
  }

  var columns: [Column]
  var rows: [[String]] = []

  init(_ columns: Column...) { self.columns = columns }

  mutating func add(_ cells: String...) { rows.append(cells.map(TextWidth.harmless)) }

  /// Lines without trailing blanks; the heading is dim.
  func text(_ paint: Paint, indent: String = "") -> String {
    let widths = columns.indices.map { index in
      rows.reduce(TextWidth.of(columns[index].title)) { max($0, TextWidth.of($1[index])) }
    }
    let heading = paint.dim(line(columns.map(\.title), widths))
    return ([heading] + rows.map { line($0, widths) }).map { indent + $0 }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = columns.indices.map { index in
      TextWidth.padded(cells[index], to: widths[index], right: columns[index].alignment == .right)
    }.joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }
}
