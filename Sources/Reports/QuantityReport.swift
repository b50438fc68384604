/// One measured quantity over the session, with what was asked and what was allowed.
struct QuantityReport: Hashable, Sendable {
  /// A value from a time on, in the quantity's unit.
  struct Step: Hashable, Sendable {
    var second: Double
    var value: Double
  }

  let name: String
  let unit: String
  let decimals: Int
  var series = TimeSeries()
  var histogram: Histogram
  var statistics = RunningStatistics()
  var asked: [Step] = []
  var ceilings: [Step] = []
  /// Values above the ceiling in force.
  var above: UInt64 = 0

  mutating func add(_ value: Double, at second: Double) {
    series.add(value, at: second)
    histogram.add(value)
    statistics.add(value)
    if let ceiling = ceilings.last?.value, ceiling > 0, value > ceiling { above += 1 }
  }

  mutating func set(asked: Double, ceiling: Double, at second: Double) {
    if asked > 0, self.asked.last?.value != asked { self.asked.append(Step(second: second, value: asked)) }
    if ceiling > 0, ceilings.last?.value != ceiling { ceilings.append(Step(second: second, value: ceiling)) }
  }
}
