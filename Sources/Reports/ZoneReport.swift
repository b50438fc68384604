import Units

/// What was done in one zone.
struct ZoneReport: Hashable, Sendable {
  var name: String
  var attributes: String
  var area = SquareMillimetres.zero
  var targetDensity: UInt32 = 0
  var ceilingDensity: UInt32 = 0
  var budget: UInt32 = 0
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

  /// With uncertain dots at their upper bound.
  var densityAtMost: Double? {
    area.count > 0 ? Double(dots + uncertainDots) / (Double(area.count) / 100) : nil
  }
}
