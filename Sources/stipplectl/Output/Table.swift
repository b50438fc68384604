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

  /// As ``text(_:indent:)``, the last column broken at blanks so that lines fit a width.
  func text(_ paint: Paint, width: Int) -> String {
    let others = columns.indices.dropLast().reduce(0) { used, index in
      used + 2 + rows.reduce(TextWidth.of(columns[index].title)) { max($0, TextWidth.of($1[index])) }
    }
    var table = self
    table.rows = rows.flatMap { row in
      TextWidth.wrapped(row.last ?? "", to: max(20, width - others)).enumerated().map { index, part in
        (index == 0 ? Array(row.dropLast()) : columns.dropLast().map { _ in "" }) + [part]
      }
    }
    return table.text(paint)
  }

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
