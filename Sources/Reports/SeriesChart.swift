/// A quantity over time: the range of each bucket as a band, its mean as a line, the asked value and the ceiling as steps.
struct SeriesChart {
  let quantity: QuantityReport
  /// Seconds across.
  let length: Double
  /// Units of the drawing; the page scales it.
  static let width = 520.0
  static let height = 190.0
  private let left = 46.0
  private let right = 10.0
  private let top = 12.0
  private let bottom = 26.0

  private var highest: Double {
    let values =
      [quantity.statistics.count > 0 ? quantity.statistics.most : 0]
      + (quantity.ceilings + quantity.asked).map(\.value)
    return max(values.max() ?? 1, 1e-3) * 1.08
  }

  private func x(_ second: Double) -> Double {
    left + (Self.width - left - right) * min(1, max(0, second / max(length, 1e-9)))
  }

  private func y(_ value: Double) -> Double {
    Self.height - bottom - (Self.height - top - bottom) * min(1, max(0, value / highest))
  }

  var markup: String {
    let label = "\(quantity.name) over time in \(quantity.unit)"
    var svg =
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(Markup.escaped(label))\">"
    svg += grid
    svg += steps(quantity.ceilings, "ceiling") + steps(quantity.asked, "asked")
    for run in runs { svg += draw(run) }
    return svg + "</svg>"
  }

  private var grid: String {
    var svg = ""
    for tick in Axis.ticks(to: highest, count: 5) {
      let at = Markup.coordinate(y(tick))
      svg += "<line class=\"grid\" x1=\"\(left)\" x2=\"\(Self.width - right)\" y1=\"\(at)\" y2=\"\(at)\"/>"
      svg += "<text class=\"end\" x=\"\(left - 6)\" y=\"\(at)\" dy=\"4\">\(tickText(tick))</text>"
    }
    for time in Axis.times(to: length, count: 6) {
      let at = Markup.coordinate(x(time))
      // The last label would be cut at the drawing's edge.
      let anchor = x(time) > Self.width - 30 ? "end" : time == 0 ? "start" : "middle"
      svg +=
        "<text class=\"\(anchor)\" x=\"\(at)\" y=\"\(Self.height - 8)\">\(Axis.label(time, of: length))</text>"
    }
    return svg
  }

  private func tickText(_ value: Double) -> String {
    let decimals = value == value.rounded() ? 0 : value * 10 == (value * 10).rounded() ? 1 : 2
    return NumberText.of(value, decimals: highest < 2 ? max(1, decimals) : decimals)
  }

  private func steps(_ steps: [QuantityReport.Step], _ name: String) -> String {
    guard let first = steps.first else { return "" }
    var path = "M\(Markup.coordinate(x(first.second))) \(Markup.coordinate(y(first.value)))"
    for step in steps.dropFirst() {
      path += "H\(Markup.coordinate(x(step.second)))V\(Markup.coordinate(y(step.value)))"
    }
    path += "H\(Markup.coordinate(Self.width - right))"
    return "<path class=\"\(name)\" d=\"\(path)\"/>"
  }

  /// Runs of buckets that hold something: a gap in the work is a gap in the line.
  private var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for (index, bucket) in quantity.series.buckets.enumerated() {
      if bucket.count > 0, start == nil { start = index }
      if bucket.count == 0, let from = start {
        runs.append(from..<index)
        start = nil
      }
    }
    if let start { runs.append(start..<quantity.series.buckets.count) }
    return runs
  }

  private func draw(_ run: Range<Int>) -> String {
    let seconds = quantity.series.seconds
    func middle(_ index: Int) -> Double { x((Double(index) + 0.5) * seconds) }
    if run.count == 1 {
      let bucket = quantity.series.buckets[run.lowerBound]
      let at = Markup.coordinate(middle(run.lowerBound))
      return "<line class=\"range\" x1=\"\(at)\" x2=\"\(at)\" y1=\"\(Markup.coordinate(y(bucket.least)))\" "
        + "y2=\"\(Markup.coordinate(y(bucket.most)))\"/>"
        + "<circle class=\"point\" cx=\"\(at)\" cy=\"\(Markup.coordinate(y(bucket.mean)))\" r=\"2.5\"/>"
    }
    var upper = ""
    var lower = ""
    var mean = ""
    for index in run {
      let bucket = quantity.series.buckets[index]
      let at = Markup.coordinate(middle(index))
      upper += (index == run.lowerBound ? "M" : "L") + "\(at) \(Markup.coordinate(y(bucket.most)))"
      lower = "L\(at) \(Markup.coordinate(y(bucket.least)))" + lower
      mean += (index == run.lowerBound ? "M" : "L") + "\(at) \(Markup.coordinate(y(bucket.mean)))"
    }
    return "<path class=\"band\" d=\"\(upper)\(lower)Z\"/><path class=\"mean\" d=\"\(mean)\"/>"
  }
}
