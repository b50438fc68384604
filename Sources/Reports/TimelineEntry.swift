import Units

/// Something worth a line in the report.
struct TimelineEntry: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case highFault
    case fault
    case stop
    case uncertain
    case note
    case mark
  }

  var at: WallTime
  var second: Double
  var kind: Kind
  var title: String
  var detail: String
  /// How often it happened, when it is one line for several.
  var times = 1
  /// Seconds since opening of the last time.
  var lastSecond: Double

  init(at: WallTime, second: Double, kind: Kind, title: String, detail: String) {
    self.at = at
    self.second = second
    self.kind = kind
    self.title = title
    self.detail = detail
    lastSecond = second
  }
}
