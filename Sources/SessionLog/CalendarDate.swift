public import Units

/// A day of the Gregorian calendar, as printed on a cartridge or a bottle.
public struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let year: Int
  public let month: Int
  public let day: Int

  /// `nil` for a day that does not exist; years 1970 to 9999.
  public init?(year: Int, month: Int, day: Int) {
    let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1970...9999).contains(year), (1...12).contains(month), (1...days[month - 1]).contains(day) else {
      return nil
    }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    if month == 2, day == 29, !isLeap { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// From `2027-05-31`; `nil` for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day an instant falls in at an offset from UTC; before 1970 counts as its first day.
  public init(_ time: WallTime, offset: Nanoseconds = .zero) {
    let nanosecondsPerDay: Int64 = 86_400_000_000_000
    let days = max(0, time.sinceEpoch.count + offset.count) / nanosecondsPerDay
    // Days to a civil date by eras of 400 years that begin in March (Howard Hinnant, "chrono-compatible low-level date
    // algorithms").
    let shifted = Int(days) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  public static func < (a: Self, b: Self) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

  /// `2027-05-31`.
  public var description: String {
    let padded = [year, month, day].map { $0 < 10 ? "0\($0)" : String($0) }
    return padded.joined(separator: "-")
  }
}
