public import Units

/// Why a dot was made, or why it is shorter than asked.
public enum DotCause: UInt8, CaseIterable, Sendable {
  case unknown
  /// One press of the pedal in dot mode.
  case press
  /// The dot clock while the pedal was held.
  case held
  /// Strokes at the set rate while the pedal was down.
  case continuous
  /// Cut short by a stop.
  case stopped
  /// Cut short because a limit was reached.
  case budget
}

/// One deposit of pigment: a burst of strokes in one place. The record's time is the start of its first stroke.
public struct DotRecord: LoggedRecord, Hashable {
  /// From 1 in a session, across its segments.
  public var sequence: UInt64
  /// As the technician named it.
  public var zone: String
  /// Sequence of its first stroke.
  public var firstStroke: UInt64
  /// Strokes made, at least 1.
  public var strokes: UInt32
  /// From the first stroke's start to the last one's end.
  public var duration: Nanoseconds
  /// Mean of the measured depths, or the commanded one where nothing measured.
  public var depth: Micrometres
  /// What ended or made it.
  public var cause: DotCause

  public init(
    sequence: UInt64 = 0, zone: String = "", firstStroke: UInt64 = 0, strokes: UInt32 = 0,
    duration: Nanoseconds = .zero, depth: Micrometres = .zero, cause: DotCause = .unknown
  ) {
    self.sequence = sequence
    self.zone = zone
    self.firstStroke = firstStroke
    self.strokes = strokes
    self.duration = duration
    self.depth = depth
    self.cause = cause
  }

  public static var channel: SessionChannel { .dot }
  public static let shape = MessageShape(
    "Dot",
    [
      "sequence": .unsigned64, "zone": .text, "first_stroke": .unsigned64, "strokes": .unsigned32,
      "duration_us": .unsigned64, "depth_um": .signed32, "cause": .names(DotCause.allCases.map(\.fieldName)),
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, unsigned: sequence)
    payload.append(field: 2, text: zone)
    payload.append(field: 3, unsigned: firstStroke)
    payload.append(field: 4, unsigned: UInt64(strokes))
    payload.append(field: 5, unsigned: UInt64(clamping: duration.inMicroseconds))
    payload.append(field: 6, signed: Int64(depth.count))
    payload.append(field: 7, unsigned: UInt64(cause.rawValue))
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: sequence = value.unsigned
      case 2: zone = value.text(payload)
      case 3: firstStroke = value.unsigned
      case 4: strokes = value.unsigned32
      case 5: duration = .microseconds(Int64(clamping: min(value.unsigned, 1 << 50)))
      case 6: depth = Micrometres(value.signed32)
      case 7: cause = DotCause(rawValue: UInt8(clamping: value.unsigned)) ?? .unknown
      default: break
      }
    }
  }
}
