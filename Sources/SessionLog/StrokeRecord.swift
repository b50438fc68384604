public import Units

/// What the envelope check said of a measured stroke.
public enum StrokeVerdict: UInt8, CaseIterable, Sendable {
  /// Nothing could be judged: a sensor was silent.
  case unmeasured
  case withinEnvelope
  case rateTooHigh
  case tooDeep
  case dwellTooLong
  case offTimeTooShort
  case notHome
  case currentTooHigh
  /// Cut short by a stop.
  case interrupted
}

/// One needle cycle. The record's time is the start of the extension.
public struct StrokeRecord: LoggedRecord, Hashable {
  /// From 1 in a session, across its segments.
  public var sequence: UInt64
  /// Since the start of the stroke before; 0 for the first of a run. Logged in µs.
  public var period: Nanoseconds
  /// From the start until the needle was past the nose. Logged in µs.
  public var extend: Nanoseconds
  /// Past the nose, measured from home left to home reached. Logged in µs.
  public var dwell: Nanoseconds
  /// Beyond the cartridge nose, not in tissue.
  public var commandedDepth: Micrometres
  /// `nil` where nothing measured it.
  public var measuredDepth: Micrometres?
  /// `nil` where nothing measured it.
  public var peakCurrent: Milliamperes?
  public var verdict: StrokeVerdict

  public init(
    sequence: UInt64, period: Nanoseconds, extend: Nanoseconds, dwell: Nanoseconds,
    commandedDepth: Micrometres,
    measuredDepth: Micrometres?, peakCurrent: Milliamperes?, verdict: StrokeVerdict
  ) {
    self.sequence = sequence
    self.period = period
    self.extend = extend
    self.dwell = dwell
    self.commandedDepth = commandedDepth
    self.measuredDepth = measuredDepth
    self.peakCurrent = peakCurrent
    self.verdict = verdict
  }

  public static var channel: SessionChannel { .stroke }
  public static let shape = MessageShape(
    "Stroke",
    [
      "start_unix_ns": .fixed64, "sequence": .unsigned64, "period_us": .unsigned32, "extend_us": .unsigned32,
      "dwell_us": .unsigned32, "commanded_depth_um": .signed32, "measured_depth_um": .signed32,
      "peak_current_ma": .signed32, "verdict": .names(StrokeVerdict.allCases.map(\.fieldName)),
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    // The start right after the log time, whose bytes it repeats, costs the compressor next to nothing.
    payload.append(field: 1, fixed: logTime)
    payload.append(field: 2, unsigned: sequence)
    payload.append(field: 3, unsigned: UInt64(clamping: period.inMicroseconds))
    payload.append(field: 4, unsigned: UInt64(clamping: extend.inMicroseconds))
    payload.append(field: 5, unsigned: UInt64(clamping: dwell.inMicroseconds))
    payload.append(field: 6, signed: Int64(commandedDepth.count))
    if let measuredDepth { payload.append(field: 7, signed: Int64(measuredDepth.count)) }
    if let peakCurrent { payload.append(field: 8, signed: Int64(peakCurrent.count)) }
    payload.append(field: 9, unsigned: UInt64(verdict.rawValue))
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init(
      sequence: 0, period: .zero, extend: .zero, dwell: .zero, commandedDepth: .zero, measuredDepth: nil,
      peakCurrent: nil, verdict: .unmeasured)
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 2: sequence = value.unsigned
      case 3: period = .microseconds(Int64(value.unsigned32))
      case 4: extend = .microseconds(Int64(value.unsigned32))
      case 5: dwell = .microseconds(Int64(value.unsigned32))
      case 6: commandedDepth = Micrometres(value.signed32)
      case 7: measuredDepth = Micrometres(value.signed32)
      case 8: peakCurrent = Milliamperes(value.signed32)
      case 9: verdict = StrokeVerdict(rawValue: UInt8(clamping: value.unsigned)) ?? .unmeasured
      default: break
      }
    }
  }
}
