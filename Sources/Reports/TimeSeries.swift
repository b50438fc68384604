/// A quantity over time in at most ``most`` buckets, whatever the session's length: when they are used up, neighbours merge and
/// the bucket doubles.
struct TimeSeries: Hashable, Sendable {
  struct Bucket: Hashable, Sendable {
    var count = 0
    var sum = 0.0
    var least = Double.infinity
    var most = -Double.infinity

    var mean: Double { sum / Double(max(1, count)) }

    mutating func merge(_ other: Bucket) {
      count += other.count
      sum += other.sum
      least = min(least, other.least)
      most = max(most, other.most)
    }
  }

  /// Buckets a chart of 480 points across can show.
  static var most: Int { 240 }

  /// Seconds per bucket.
  private(set) var seconds = 1.0
  private(set) var buckets: [Bucket] = []

  mutating func add(_ value: Double, at second: Double) {
    guard second >= 0, second < 1e9 else { return }
    while Int(second / seconds) >= Self.most { halve() }
    let index = Int(second / seconds)
    while buckets.count <= index { buckets.append(Bucket()) }
    buckets[index].merge(Bucket(count: 1, sum: value, least: value, most: value))
  }

  private mutating func halve() {
    var merged: [Bucket] = []
    for index in stride(from: 0, to: buckets.count, by: 2) {
      var bucket = buckets[index]
      if index + 1 < buckets.count { bucket.merge(buckets[index + 1]) }
      merged.append(bucket)
    }
    buckets = merged
    seconds *= 2
  }
}
