import ControlInterface

/// The wakes between two looks at the loop's histogram.
struct WatchedWakes {
  var before: Device.GetTiming.Reply
  var after: Device.GetTiming.Reply

  /// Wakes by bucket; none when the daemon was started anew in between.
  private var buckets: [Device.TimingBucket] {
    guard before.sinceUs == after.sinceUs, before.histogram.count == after.histogram.count else { return [] }
    return zip(before.histogram, after.histogram).map { then, now in
      Device.TimingBucket(upToUs: now.upToUs, wakes: max(0, now.wakes - then.wakes))
    }
  }

  func finding(seconds: Int) -> Finding {
    let buckets = buckets
    let count = buckets.reduce(0) { $0 + $1.wakes }
    guard let last = buckets.last(where: { $0.wakes > 0 }) else {
      return .unseen("wakes now", "none with a deadline in \(seconds) s")
    }
    let limit =
      last.upToUs.map { "within \(Figures.milliseconds($0))" } ?? "the latest beyond the histogram's end"
    return .good("wakes now", "\(Figures.count(count)) in \(seconds) s, all \(limit)")
  }
}
