import ControlInterface
import Glibc

/// How late the loop has woken, drawn, and what its wakes cost.
struct TimingText {
  private static let barWidth = 30

  var timing: Device.GetTiming.Reply
  var paint: Paint
  var width: Int
  var clock: WallClock

  var text: String {
    let summary = timing.summary
    var sheet = Sheet()
    sheet.add("Since", clock.date(timing.sinceUs))
    sheet.add("Wakes with a deadline", Figures.count(summary.wakes))
    sheet.add("More than a period late", Figures.count(summary.misses))
    sheet.add("Half of them within", summary.p50Us.map(Figures.milliseconds))
    sheet.add("99 of 100 within", summary.p99Us.map(Figures.milliseconds))
    sheet.add("999 of 1,000 within", summary.p999Us.map(Figures.milliseconds))
    sheet.add("Worst", summary.maxUs.map(Figures.milliseconds))
    sheet.add("Events dropped", Figures.count(summary.eventsDropped))
    return [sheet.text(paint, width: width), histogram, causes].compactMap { $0 }.joined(separator: "\n\n")
  }

  /// Bars grow with the logarithm, as the rare late wakes are the ones that matter.
  var histogram: String? {
    guard let last = timing.histogram.lastIndex(where: { $0.wakes > 0 }) else { return nil }
    let most = timing.histogram.reduce(1) { max($0, $1.wakes) }
    var table = Table(
      .init(title: "Late by up to", alignment: .right), .init(title: "Wakes", alignment: .right),
      .init(title: "(logarithmic)"))
    for bucket in timing.histogram[...last] {
      let share = log(Double(bucket.wakes) + 1) / log(Double(most) + 1)
      table.add(
        bucket.upToUs.map(Figures.milliseconds) ?? "more", Figures.count(bucket.wakes),
        bucket.wakes == 0 ? "" : Bar.text(share, width: Self.barWidth))
    }
    return table.text(paint)
  }

  private var causes: String? {
    guard !timing.wokenBy.isEmpty else { return nil }
    var table = Table(
      .init(title: "Woken by"), .init(title: "Wakes", alignment: .right),
      .init(title: "System calls", alignment: .right), .init(title: "per wake", alignment: .right))
    for cause in timing.wokenBy {
      let average = cause.wakes > 0 ? Double(cause.systemCalls) / Double(cause.wakes) : 0
      table.add(
        cause.cause.rawValue, Figures.count(cause.wakes), Figures.count(cause.systemCalls),
        cause.wakes > 0 ? Figures.average(average) : "")
    }
    return table.text(paint)
  }
}
