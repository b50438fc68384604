import Glibc
import Units

/// Instants of the socket, microseconds since 1970-01-01T00:00:00Z, as the wall clock shows them.
struct WallClock: Sendable {
  /// What a clock and a calendar show.
  private struct Reading {
    var year, month, day, hour, minute, second: Int32
  }

  private var isLocal: Bool

  static let local = WallClock(isLocal: true)
  static let utc = WallClock(isLocal: false)

  /// `14:03:22`.
  func time(_ microseconds: Int) -> String {
    let reading = reading(microseconds)
    return "\(two(reading.hour)):\(two(reading.minute)):\(two(reading.second))"
  }

  /// `14:03:22.250`.
  func preciseTime(_ microseconds: Int) -> String {
    let milliseconds = (microseconds - floor(microseconds) * 1_000_000) / 1_000
    let digits = String(milliseconds)
    return time(microseconds) + "." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// `2026-11-21 14:03`.
  func date(_ microseconds: Int) -> String {
    let reading = reading(microseconds)
    let day = "\(reading.year)-\(two(reading.month))-\(two(reading.day))"
    return "\(day) \(two(reading.hour)):\(two(reading.minute))"
  }

  static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
  }

  /// How far the wall clock here is ahead of UTC now.
  static func offset() -> Nanoseconds {
    var seconds = Glibc.time(nil)
    var parts = unsafe tm()
    unsafe localtime_r(&seconds, &parts)
    return unsafe .seconds(Int64(parts.tm_gmtoff))
  }

  private func reading(_ microseconds: Int) -> Reading {
    var seconds = time_t(floor(microseconds))
    var parts = unsafe tm()
    if isLocal { unsafe localtime_r(&seconds, &parts) } else { unsafe gmtime_r(&seconds, &parts) }
    return unsafe Reading(
      year: parts.tm_year + 1_900, month: parts.tm_mon + 1, day: parts.tm_mday, hour: parts.tm_hour,
      minute: parts.tm_min, second: parts.tm_sec)
  }

  /// Whole seconds, rounded toward the past, also before 1970.
  private func floor(_ microseconds: Int) -> Int {
    microseconds / 1_000_000 - (microseconds % 1_000_000 < 0 ? 1 : 0)
  }

  private func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
