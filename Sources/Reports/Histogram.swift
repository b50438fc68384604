/// Counts in bins of one width from 0; what lies beyond the last bin counts in it.
struct Histogram: Hashable, Sendable {
  let width: Double
  private(set) var counts: [Int]

  init(width: Double, bins: Int) {
    self.width = width
    counts = Array(repeating: 0, count: bins)
  }

  mutating func add(_ value: Double) {
    guard value >= 0 else { return }
    counts[min(counts.count - 1, Int(min(value / width, Double(counts.count))))] += 1
  }

  var total: Int { counts.reduce(0, +) }

  /// The first and the last bin that hold anything; `nil` when none does.
  var occupied: ClosedRange<Int>? {
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 })
    else {
      return nil
    }
    return first...last
  }

  /// The value below which this share of the values lies, to one bin.
  func quantile(_ share: Double) -> Double? {
    let total = total
    guard total > 0 else { return nil }
    var seen = 0
    for (index, count) in counts.enumerated() {
      seen += count
      if Double(seen) >= share * Double(total) { return (Double(index) + 0.5) * width }
    }
    return nil
  }
}
