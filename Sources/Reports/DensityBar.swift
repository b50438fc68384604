/// A zone's density as a bar against its target and its ceiling.
struct DensityBar {
  let zone: ZoneReport

  /// Empty where there is no area or no ceiling to compare with.
  var markup: String {
    guard let density = zone.density, let most = zone.densityAtMost, zone.ceilingDensity > 0 else {
      return ""
    }
    let scale = max(Double(zone.ceilingDensity) * 1.1, most * 1.05)
    func x(_ value: Double) -> String { Markup.coordinate(300 * min(1, value / scale)) }
    let text = "\(NumberText.of(density, decimals: 1)) dots per cm², ceiling \(zone.ceilingDensity)"
    var svg = "<svg class=\"density\" viewBox=\"0 0 300 44\" role=\"img\" aria-label=\"\(text)\">"
    svg += "<rect class=\"track\" x=\"0\" y=\"4\" width=\"300\" height=\"14\" rx=\"3\"/>"
    if zone.uncertainDots > 0 {
      svg += "<rect class=\"uncertain\" x=\"0\" y=\"4\" width=\"\(x(most))\" height=\"14\" rx=\"3\"/>"
    }
    let over = most > Double(zone.ceilingDensity) ? " over" : ""
    svg += "<rect class=\"fill\(over)\" x=\"0\" y=\"4\" width=\"\(x(density))\" height=\"14\" rx=\"3\"/>"
    if zone.targetDensity > 0 {
      let at = x(Double(zone.targetDensity))
      svg += "<line class=\"target\" x1=\"\(at)\" x2=\"\(at)\" y1=\"1\" y2=\"21\"/>"
      // The label stays inside the drawing, and left of the ceiling's.
      let middle = min(max(300 * Double(zone.targetDensity) / scale, 26), 200)
      svg +=
        "<text class=\"middle\" x=\"\(Markup.coordinate(middle))\" y=\"36\">target \(zone.targetDensity)</text>"
    }
    let at = x(Double(zone.ceilingDensity))
    svg += "<line class=\"ceiling\" x1=\"\(at)\" x2=\"\(at)\" y1=\"1\" y2=\"21\"/>"
    svg += "<text class=\"end limit\" x=\"298\" y=\"36\">ceiling \(zone.ceilingDensity)</text>"
    return svg + "</svg>"
  }
}
