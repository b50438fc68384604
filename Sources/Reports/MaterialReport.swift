import SessionLog
import Units

/// A cartridge or a pigment, and what was done with it: from its registration until the next of its kind.
struct MaterialReport: Hashable, Sendable {
  var record: MaterialRecord
  var from: WallTime
  var strokes: UInt64 = 0
  var dots: UInt64 = 0
  /// In the order of work.
  var zones: [String] = []

  /// `1,204 strokes in hairline, crown`, or `not used`.
  var use: String {
    guard strokes > 0 else { return "not used" }
    let places = zones.isEmpty ? "" : " in " + zones.joined(separator: ", ")
    return "\(NumberText.grouped(strokes)) strokes\(places)"
  }

  mutating func add(_ dot: DotRecord) {
    dots += 1
    if !zones.contains(dot.zone), !dot.zone.isEmpty, dot.zone != "bench" { zones.append(dot.zone) }
  }
}
