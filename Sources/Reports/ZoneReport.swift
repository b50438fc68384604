import Units

/// What was done in one zone.
struct ZoneReport: Hashable, Sendable {
  var name: String
  var attributes: String
  var area = SquareMillimetres.zero
  var targetDensity: UInt32 = 0
  var ceilingDensity: UInt32 = 0
  var budget: UInt32 = 0
  /// Dots of earlier sessions of the same plan, uncertain ones included.
  var planDots: UInt64 = 0
  /// Dots per cm² allowed over the whole plan; 0 where the record does not say.
  var planCeiling: UInt32 = 0
  var dots: UInt64 = 0
  var strokes: UInt64 = 0
  /// Upper bound of what uncertain intervals may have made here.
  var uncertainDots: UInt64 = 0
  /// Seconds between dots, pauses left out.
  var intervals = RunningStatistics()
  /// µm, of dots.
  var depth = RunningStatistics()
  /// Seconds since opening of the last dot; `nil` before the first.
  var lastDotAt: Double?

  /// An interval longer than this is a pause, not unevenness, seconds. An engineering choice: dots are set at about 2 Hz.
  static var pause: Double { 5 }

  mutating func addDot(strokes: UInt32, depth: Micrometres, at second: Double) {
    dots += 1
    self.strokes += UInt64(strokes)
    self.depth.add(Double(depth.count))
    if let last = lastDotAt, second > last, second - last <= Self.pause { intervals.add(second - last) }
    lastDotAt = second
  }

  /// Dots per cm² in this session; `nil` without an area.
  var density: Double? { area.count > 0 ? Double(dots) / (Double(area.count) / 100) : nil }

  /// Dots per cm² over the whole plan so far, this session and its uncertain dots included; `nil` where the record does not say.
  var planDensity: Double? {
    guard planCeiling > 0, area.count > 0 else { return nil }
    return Double(planDots + dots + uncertainDots) / (Double(area.count) / 100)
  }

  /// With uncertain dots at their upper bound.
  var densityAtMost: Double? {
    area.count > 0 ? Double(dots + uncertainDots) / (Double(area.count) / 100) : nil
  }
}
