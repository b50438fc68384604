public import Units

/// The drive, sampled.
public struct DriveRecord: LoggedRecord, Hashable {
  /// Of the depth axis; `nil` where not reported.
  public var position: Micrometres?
  /// Strokes per second the drive turns at (rotary).
  public var rate: Millihertz?
  public var current: Milliamperes?
  public var temperature: Decicelsius?
  /// Link counters since the link came up.
  public var requests: UInt64
  public var replies: UInt64
  public var timeouts: UInt64
  public var checksumErrors: UInt64
  public var rejected: UInt64
  public var resets: UInt64

  public init(
    position: Micrometres? = nil, rate: Millihertz? = nil, current: Milliamperes? = nil,
    temperature: Decicelsius? = nil, requests: UInt64 = 0, replies: UInt64 = 0, timeouts: UInt64 = 0,
    checksumErrors: UInt64 = 0, rejected: UInt64 = 0, resets: UInt64 = 0
  ) {
    self.position = position
    self.rate = rate
    self.current = current
    self.temperature = temperature
    self.requests = requests
    self.replies = replies
    self.timeouts = timeouts
    self.checksumErrors = checksumErrors
    self.rejected = rejected
    self.resets = resets
  }

  public static var channel: SessionChannel { .drive }
  public static let shape = MessageShape(
    "Drive",
    [
      "position_um": .signed32, "rate_millihertz": .signed32, "current_ma": .signed32,
      "temperature_decicelsius": .signed32, "requests": .unsigned64, "replies": .unsigned64,
      "timeouts": .unsigned64, "checksum_errors": .unsigned64, "rejected": .unsigned64, "resets": .unsigned64,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    if let position { payload.append(field: 1, signed: Int64(position.count)) }
    if let rate { payload.append(field: 2, signed: Int64(rate.count)) }
    if let current { payload.append(field: 3, signed: Int64(current.count)) }
    if let temperature { payload.append(field: 4, signed: Int64(temperature.count)) }
    payload.append(field: 5, unsigned: requests)
    payload.append(field: 6, unsigned: replies)
    payload.append(field: 7, unsigned: timeouts)
    payload.append(field: 8, unsigned: checksumErrors)
    payload.append(field: 9, unsigned: rejected)
    payload.append(field: 10, unsigned: resets)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: position = Micrometres(value.signed32)
      case 2: rate = Millihertz(value.signed32)
      case 3: current = Milliamperes(value.signed32)
      case 4: temperature = Decicelsius(value.signed32)
      case 5: requests = value.unsigned
      case 6: replies = value.unsigned
      case 7: timeouts = value.unsigned
      case 8: checksumErrors = value.unsigned
      case 9: rejected = value.unsigned
      case 10: resets = value.unsigned
      default: break
      }
    }
  }
}
