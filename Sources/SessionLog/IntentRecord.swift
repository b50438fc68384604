/// What an intent record tells.
public enum IntentKind: UInt8, CaseIterable, Sendable {
  case unknown
  case granted
  /// The machine left the run; every stroke made is in the log.
  case settled
  /// Declared after a death: these strokes may or may not have happened.
  case uncertain
}

/// A range of strokes that may be made, or what became of one.
///
/// A granted intent is durable before its first stroke; after a death, every stroke it covers that is not in the log is uncertain.
public struct IntentRecord: LoggedRecord, Hashable {
  public var kind: IntentKind
  public var firstStroke: UInt64
  /// Inclusive. For `settled`: the last stroke that was made and logged.
  public var lastStroke: UInt64
  /// The zone the strokes would be in.
  public var zone: String
  /// The most dots the strokes could make.
  public var dotsAtMost: UInt32

  public init(
    kind: IntentKind = .unknown, firstStroke: UInt64 = 0, lastStroke: UInt64 = 0, zone: String = "",
    dotsAtMost: UInt32 = 0
  ) {
    self.kind = kind
    self.firstStroke = firstStroke
    self.lastStroke = lastStroke
    self.zone = zone
    self.dotsAtMost = dotsAtMost
  }

  public static var channel: SessionChannel { .intent }
  public static let shape = MessageShape(
    "Intent",
    [
      "kind": .names(IntentKind.allCases.map(\.fieldName)), "first_stroke": .unsigned64,
      "last_stroke": .unsigned64, "zone": .text, "dots_at_most": .unsigned32,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, unsigned: UInt64(kind.rawValue))
    payload.append(field: 2, unsigned: firstStroke)
    payload.append(field: 3, unsigned: lastStroke)
    payload.append(field: 4, text: zone)
    payload.append(field: 5, unsigned: UInt64(dotsAtMost))
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: kind = IntentKind(rawValue: UInt8(clamping: value.unsigned)) ?? .unknown
      case 2: firstStroke = value.unsigned
      case 3: lastStroke = value.unsigned
      case 4: zone = value.text(payload)
      case 5: dotsAtMost = value.unsigned32
      default: break
      }
    }
  }
}
