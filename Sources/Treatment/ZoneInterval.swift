import Catalog
import SessionLog
import Units

/// How long ago a zone was worked, and what follows from it.
enum ZoneInterval: Equatable {
  /// Never, or long enough ago.
  case clear
  /// So soon that a reason has to be given.
  case soon(days: Int, usual: Int)
  /// So soon that it takes a service engineer.
  case tooSoon(days: Int)

  /// Whole calendar days count, as in an appointment book.
  init(lastWorked: WallTime?, now: WallTime, usualDays: Int) {
    guard let lastWorked else {
      self = .clear
      return
    }
    let days = Int(Self.dayNumber(now) - Self.dayNumber(lastWorked))
    if days < PracticeLimits.shortestIntervalDays {
      self = .tooSoon(days: max(0, days))
    } else if days < usualDays {
      self = .soon(days: days, usual: usualDays)
    } else {
      self = .clear
    }
  }

  private static func dayNumber(_ time: WallTime) -> Int64 {
    time.sinceEpoch.count / Nanoseconds.hours(24).count
  }

  /// One sentence for a person; `nil` when there is nothing to say.
  func words(_ zone: String) -> String? {
    switch self {
    case .clear: nil
    case .soon(let days, let usual):
      "\(zone) was worked \(Self.ago(days)); under \(usual) days it takes a reason"
    case .tooSoon(let days):
      "\(zone) was worked \(Self.ago(days)); under \(PracticeLimits.shortestIntervalDays) days it takes a service engineer"
    }
  }

  private static func ago(_ days: Int) -> String {
    switch days {
    case 0: "today"
    case 1: "yesterday"
    default: "\(days) days ago"
    }
  }
}
