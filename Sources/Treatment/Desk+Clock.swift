import Catalog
import SessionLog
public import Units

extension Desk {
  /// What is wrong with the calendar; `nil` while client sessions may go by it.
  public var clockTrouble: String? {
    if clock.wall() < newestRecord { return "the clock is behind the newest record" }
    guard clock.isKept() || clockIsConfirmed else {
      return "the clock was not set by a time server or a battery clock since the board was started"
    }
    return nil
  }

  /// A technician says that the date is right. Client sessions may then be opened until the board is started again.
  public func confirmDate(_ text: String, by author: Author) async throws -> WallTime {
    try await changing {
      let today = CalendarDate(clock.wall())
      guard let date = CalendarDate(text), date == today else {
        throw TreatmentError.invalidValue(
          field: "date", value: text,
          limit:
            "today's date, and the board's is \(today); if that is wrong, set it first (timedatectl set-time)"
        )
      }
      try audit("clock.confirm", "\(today), newest record \(CalendarDate(newestRecord))", by: author)
      try catalogued {
        try catalog.confirmClock(at: clock.wall(), boot: configuration.bootIdentifier, by: author.description)
      }
      newestRecord = clock.wall()
      clockIsConfirmed = true
      vouch()
      note(JournalEntry(.warning, "the date \(today) was confirmed by \(author.name)"))
      return clock.wall()
    }
  }

  /// At start: what the catalog says of the clock.
  func readClockFloor() throws {
    newestRecord = try catalog.clockFloor() ?? newestRecord
    let confirmation = try catalog.lastClockConfirmation()
    clockIsConfirmed =
      !configuration.bootIdentifier.isEmpty && confirmation?.boot == configuration.bootIdentifier
  }
}
