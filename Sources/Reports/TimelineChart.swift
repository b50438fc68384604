/// Zones, needle activity, and faults and stops along one axis of time.
struct TimelineChart {
  let report: TreatmentReport
  /// Units of the drawing: one for a desk, one for a phone; the style sheet shows the one that fits.
  let width: Double
  static let height = 132.0
  private let left = 62.0
  private let right = 10.0

  private func x(_ second: Double) -> Double {
    left + (width - left - right) * min(1, max(0, second / max(report.length, 1e-9)))
  }

  var markup: String {
    var svg =
      "<svg viewBox=\"0 0 \(Int(width)) \(Int(Self.height))\" class=\"\(width < 600 ? "narrow" : "roomy")\" role=\"img\" aria-label=\"Timeline of zones, strokes, faults and stops\">"
    for (label, at) in [("zone", 22.0), ("needle", 54.0), ("events", 90.0)] {
      svg += "<text class=\"start\" x=\"0\" y=\"\(at)\" dy=\"4\">\(label)</text>"
    }
    svg += zones + activity
    svg += "<line class=\"axis\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"90\" y2=\"90\"/>"
    for entry in report.timeline { svg += mark(entry) }
    for time in Axis.times(to: report.length, count: width < 600 ? 4 : 9) {
      let anchor = x(time) > width - 40 ? "end" : time == 0 ? "start" : "middle"
      svg +=
        "<text class=\"\(anchor)\" x=\"\(Markup.coordinate(x(time)))\" y=\"124\">\(Axis.label(time, of: report.length))</text>"
    }
    return svg + "</svg>"
  }

  private var zones: String {
    var svg = ""
    for (index, change) in report.zoneChanges.enumerated() {
      let end = index + 1 < report.zoneChanges.count ? report.zoneChanges[index + 1].second : report.length
      let span = x(end) - x(change.second)
      let shade = report.zones.firstIndex { $0.name == change.name }.map { $0 % 4 } ?? 0
      svg +=
        "<rect class=\"zone z\(shade)\" x=\"\(Markup.coordinate(x(change.second)))\" y=\"10\" width=\"\(Markup.coordinate(max(1, span)))\" "
        + "height=\"24\" rx=\"3\"><title>\(Markup.escaped(change.name))</title></rect>"
      // About eight units a letter; a label that does not fit stays in the tooltip.
      if span > Double(change.name.count) * 8 + 8 {
        svg +=
          "<text class=\"start\" x=\"\(Markup.coordinate(x(change.second) + 6))\" y=\"22\" dy=\"4\">\(Markup.escaped(change.name))</text>"
      }
    }
    return svg
  }

  private var activity: String {
    let series = report.depth.series.buckets.isEmpty ? report.rate.series : report.depth.series
    let most = Double(series.buckets.map(\.count).max() ?? 0)
    var svg = ""
    for (index, bucket) in series.buckets.enumerated() where bucket.count > 0 {
      let from = x(Double(index) * series.seconds)
      let span = max(1, x(Double(index + 1) * series.seconds) - from)
      let height = max(2, 24 * Double(bucket.count) / max(1, most))
      svg +=
        "<rect class=\"bar\" x=\"\(Markup.coordinate(from))\" y=\"\(Markup.coordinate(66 - height))\" "
        + "width=\"\(Markup.coordinate(span))\" height=\"\(Markup.coordinate(height))\"/>"
    }
    return svg
  }

  private func mark(_ entry: TimelineEntry) -> String {
    let at = x(entry.second)
    let title = "<title>\(Markup.escaped(report.clock.time(entry.at) + " " + entry.title))</title>"
    func point(_ dx: Double, _ dy: Double) -> String {
      "\(Markup.coordinate(at + dx)),\(Markup.coordinate(90 + dy))"
    }
    switch entry.kind {
    case .highFault, .fault:
      let name = entry.kind == .highFault ? "high" : "medium"
      return
        "<polygon class=\"\(name)\" points=\"\(point(0, -9)) \(point(8, 6)) \(point(-8, 6))\">\(title)</polygon>"
    case .uncertain:
      return
        "<polygon class=\"medium\" points=\"\(point(0, -8)) \(point(8, 0)) \(point(0, 8)) \(point(-8, 0))\">\(title)</polygon>"
    case .stop:
      return
        "<rect class=\"high\" x=\"\(Markup.coordinate(at - 5))\" y=\"85\" width=\"10\" height=\"10\" rx=\"2\">\(title)</rect>"
    case .note, .mark:
      return "<circle class=\"plain\" cx=\"\(Markup.coordinate(at))\" cy=\"90\" r=\"4\">\(title)</circle>"
    }
  }
}
