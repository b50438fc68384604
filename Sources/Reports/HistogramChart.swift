/// How a quantity is distributed, with the ceiling it had to stay under.
struct HistogramChart {
  let quantity: QuantityReport
  static let width = 300.0
  static let height = 190.0
  private let side = 12.0
  private let top = 22.0
  private let bottom = 26.0

  var markup: String {
    let label = "Distribution of \(quantity.name.lowercased()) in \(quantity.unit)"
    var svg =
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(Markup.escaped(label))\">"
    guard let occupied = quantity.histogram.occupied else {
      return svg
        + "<text class=\"middle\" x=\"\(Self.width / 2)\" y=\"\(Self.height / 2)\">nothing measured</text></svg>"
    }
    let ceiling = quantity.ceilings.map(\.value).max()
    let bins = shown(occupied, ceiling: ceiling)
    let highest = Double(bins.map(\.count).max() ?? 1)
    let from = bins.first?.from ?? 0
    let to = max(bins.last?.to ?? 1, (ceiling ?? 0) + (bins.last.map { $0.to - $0.from } ?? 0))
    func x(_ value: Double) -> Double {
      side + (Self.width - 2 * side) * (value - from) / max(to - from, 1e-9)
    }
    let base = Self.height - bottom
    for bin in bins where bin.count > 0 {
      let height = max(1, (base - top) * Double(bin.count) / highest)
      svg +=
        "<rect class=\"bar\" x=\"\(Markup.coordinate(x(bin.from) + 0.4))\" y=\"\(Markup.coordinate(base - height))\" "
        + "width=\"\(Markup.coordinate(max(0.8, x(bin.to) - x(bin.from) - 0.8)))\" height=\"\(Markup.coordinate(height))\"/>"
    }
    svg += "<line class=\"axis\" x1=\"\(side)\" x2=\"\(Self.width - side)\" y1=\"\(base)\" y2=\"\(base)\"/>"
    if let ceiling {
      let at = Markup.coordinate(x(ceiling))
      svg += "<line class=\"ceiling\" x1=\"\(at)\" x2=\"\(at)\" y1=\"\(top - 6)\" y2=\"\(base)\"/>"
      svg +=
        "<text class=\"end limit\" x=\"\(Markup.coordinate(min(x(ceiling), Self.width - 4)))\" y=\"12\">ceiling "
        + "\(NumberText.of(ceiling, decimals: quantity.decimals))</text>"
    }
    svg +=
      "<text class=\"start\" x=\"\(side)\" y=\"\(Self.height - 8)\">\(NumberText.of(from, decimals: quantity.decimals))</text>"
    svg +=
      "<text class=\"end\" x=\"\(Self.width - side)\" y=\"\(Self.height - 8)\">"
      + "\(NumberText.of(to, decimals: quantity.decimals)) \(quantity.unit)</text>"
    return svg + "</svg>"
  }

  private struct Bin {
    let from: Double
    let to: Double
    let count: Int
  }

  /// Neighbouring bins are added up so that the drawing, ceiling included, has room for at most about 70 bars; one empty bin is
  /// shown on each side.
  private func shown(_ occupied: ClosedRange<Int>, ceiling: Double?) -> [Bin] {
    let first = max(0, occupied.lowerBound - 1)
    let last = min(quantity.histogram.counts.count - 1, occupied.upperBound + 1)
    let reach = max(
      last, Int(min(Double(quantity.histogram.counts.count), (ceiling ?? 0) / quantity.histogram.width)))
    let group = max(1, (reach - first + 70) / 70)
    return stride(from: first, through: last, by: group).map { start in
      let end = min(last + 1, start + group)
      return Bin(
        from: Double(start) * quantity.histogram.width, to: Double(start + group) * quantity.histogram.width,
        count: quantity.histogram.counts[start..<end].reduce(0, +))
    }
  }
}
