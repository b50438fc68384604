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
}
