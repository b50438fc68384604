import SessionLog
import Units

/// Wall-clock times at the clinic's offset from UTC.
struct ClockText: Sendable {
  let offset: Nanoseconds

  /// `09:05:12`.
  func time(_ time: WallTime) -> String {
    let second = Int(max(0, time.sinceEpoch.count + offset.count) / 1_000_000_000 % 86_400)
    return [second / 3_600, second % 3_600 / 60, second % 60].map(NumberText.twoDigits).joined(separator: ":")
  }

  /// `2026-11-20`.
  func date(_ time: WallTime) -> String { CalendarDate(time, offset: offset).description }

  /// `UTC+01:00`.
  var zone: String {
    let minutes = Int(offset.count / 60_000_000_000)
    guard minutes != 0 else { return "UTC" }
    let sign = minutes < 0 ? "−" : "+"
    return "UTC\(sign)\(NumberText.twoDigits(abs(minutes) / 60)):\(NumberText.twoDigits(abs(minutes) % 60))"
  }
}
