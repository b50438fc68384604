/// Mean, spread and extremes of values that come one by one (Welford's method, which does not lose small spreads).
struct RunningStatistics: Hashable, Sendable {
  private(set) var count = 0
  private(set) var mean = 0.0
  private(set) var least = Double.infinity
  private(set) var most = -Double.infinity
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let before = value - mean
    mean += before / Double(count)
    squares += before * (value - mean)
    least = min(least, value)
    most = max(most, value)
  }

  /// Of the sample; 0 below two values.
  var deviation: Double { count > 1 ? (squares / Double(count - 1)).squareRoot() : 0 }

  /// Deviation over mean; `nil` where it says nothing.
  var variation: Double? { count > 2 && mean > 0 ? deviation / mean : nil }
}
