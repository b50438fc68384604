import ControlInterface

/// Turns states into lines: one for each change that a person would see.
struct WatchLine {
  var clock: WallClock
  private var last: (status: Device.Status, figures: String)?

  init(clock: WallClock) { self.clock = clock }

  /// The lines for the next state, oldest first; none when nothing visible changed.
  mutating func lines(for status: Device.Status, missed: Int) -> [String] {
    let figures = Self.figures(status)
    let changes = StatusChange.between(last?.status, status)
    let isNew = last?.figures != figures
    last = (status, figures)
    let time = clock.preciseTime(status.atUs)
    var lines = changes.map { "\(time)  \($0)" }
    if isNew { lines.append("\(time)  \(figures)") }
    if missed > 0 { lines.append("\(time)  (\(missed) states in between were not shown)") }
    return lines
  }

  private static func figures(_ status: Device.Status) -> String {
    var parts = [
      TextWidth.padded(status.state.words, to: 9),
      TextWidth.padded("needle \(status.needle.rawValue)", to: 15),
    ]
    if let rate = status.rateHz { parts.append(Figures.rate(rate)) }
    if let depth = status.depthUm { parts.append("depth \(Figures.depth(depth))") }
    if let dwell = status.dwellUs { parts.append("dwell \(Figures.milliseconds(dwell))") }
    if let zone = status.zone {
      let limit = zone.dotsLimit.map { " of \(Figures.count($0))" } ?? ""
      parts.append("\(TextWidth.harmless(zone.name)) \(Figures.count(zone.dots))\(limit) dots")
    }
    if status.session != nil { parts.append("\(Figures.count(status.strokes)) strokes") }
    return parts.joined(separator: "  ")
  }
}
