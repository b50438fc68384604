import ControlInterface

/// What the full screen shows; changed by what is heard, drawn by ``WatchFrame``.
struct WatchModel {
  /// An event with its time of day.
  struct Entry: Equatable {
    var time: String
    var text: String
  }

  /// What the key for Stop led to, or why nothing is heard.
  struct Notice: Equatable {
    var text: String
    var isAlarm: Bool
  }

  /// More than the tallest screen shows.
  static let mostEntries = 200

  var clock: WallClock
  var machine: Device.Machine?
  private(set) var status: Device.Status?
  /// The newest last.
  private(set) var entries: [Entry] = []
  var notice: Notice?
  /// Why the stream ended; nil while it runs.
  private(set) var lost: String?

  init(clock: WallClock) { self.clock = clock }

  mutating func take(_ new: Device.Status) {
    if status == nil { add("watching, \(new.state.words)", at: new.atUs) }
    for change in StatusChange.between(status, new) { add(change, at: new.atUs) }
    status = new
    lost = nil
  }

  mutating func lose(_ reason: String, at microseconds: Int) {
    if lost == nil { add("connection lost", at: microseconds) }
    lost = reason
  }

  mutating func add(_ text: String, at microseconds: Int) {
    entries.append(Entry(time: clock.time(microseconds), text: TextWidth.harmless(text)))
    if entries.count > Self.mostEntries { entries.removeFirst(entries.count - Self.mostEntries) }
  }
}
