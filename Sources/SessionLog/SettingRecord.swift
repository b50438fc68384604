public import Units

/// The profile and the envelope in force from the record's time on.
public struct SettingRecord: LoggedRecord, Hashable {
  public var profile: String
  /// Of the profile, from 1.
  public var version: UInt32
  /// `continuous` or `dot`.
  public var mode: String
  public var rate: Millihertz
  /// Commanded, beyond the nose.
  public var depth: Micrometres
  public var dwell: Nanoseconds
  public var strokesPerDot: UInt32
  public var dotRate: Millihertz
  /// The envelope: the tightest of absolute, machine, cartridge, zone and profile.
  public var rateCeiling: Millihertz
  public var depthCeiling: Micrometres
  public var dwellCeiling: Nanoseconds
  /// Least time at home between strokes.
  public var offTimeFloor: Nanoseconds
  public var strokesPerDotCeiling: UInt32
  /// Sensor tolerance added to the ceiling when a measurement is judged.
  public var depthTolerance: Micrometres
  /// The dwell to be expected as it is measured, from home left to home reached: `dwell` and both travels.
  public var plannedTimeOut: Nanoseconds

  public init(
    profile: String = "", version: UInt32 = 0, mode: String = "", rate: Millihertz = .zero,
    depth: Micrometres = .zero, dwell: Nanoseconds = .zero, strokesPerDot: UInt32 = 0,
    dotRate: Millihertz = .zero, rateCeiling: Millihertz = .zero, depthCeiling: Micrometres = .zero,
    dwellCeiling: Nanoseconds = .zero, offTimeFloor: Nanoseconds = .zero, strokesPerDotCeiling: UInt32 = 0,
    depthTolerance: Micrometres = .zero, plannedTimeOut: Nanoseconds = .zero
  ) {
    self.profile = profile
    self.version = version
    self.mode = mode
    self.rate = rate
    self.depth = depth
    self.dwell = dwell
    self.strokesPerDot = strokesPerDot
    self.dotRate = dotRate
    self.rateCeiling = rateCeiling
    self.depthCeiling = depthCeiling
    self.dwellCeiling = dwellCeiling
    self.offTimeFloor = offTimeFloor
    self.strokesPerDotCeiling = strokesPerDotCeiling
    self.depthTolerance = depthTolerance
    self.plannedTimeOut = plannedTimeOut
  }

  public static var channel: SessionChannel { .setting }
  public static let shape = MessageShape(
    "Setting",
    [
      "profile": .text, "version": .unsigned32, "mode": .text, "rate_millihertz": .signed32,
      "depth_um": .signed32,
      "dwell_us": .unsigned64, "strokes_per_dot": .unsigned32, "dot_rate_millihertz": .signed32,
      "rate_ceiling_millihertz": .signed32, "depth_ceiling_um": .signed32, "dwell_ceiling_us": .unsigned64,
      "off_time_floor_us": .unsigned64, "strokes_per_dot_ceiling": .unsigned32,
      "depth_tolerance_um": .signed32, "planned_time_out_us": .unsigned64,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, text: profile)
    payload.append(field: 2, unsigned: UInt64(version))
    payload.append(field: 3, text: mode)
    payload.append(field: 4, signed: Int64(rate.count))
    payload.append(field: 5, signed: Int64(depth.count))
    payload.append(field: 6, unsigned: UInt64(clamping: dwell.inMicroseconds))
    payload.append(field: 7, unsigned: UInt64(strokesPerDot))
    payload.append(field: 8, signed: Int64(dotRate.count))
    payload.append(field: 9, signed: Int64(rateCeiling.count))
    payload.append(field: 10, signed: Int64(depthCeiling.count))
    payload.append(field: 11, unsigned: UInt64(clamping: dwellCeiling.inMicroseconds))
    payload.append(field: 12, unsigned: UInt64(clamping: offTimeFloor.inMicroseconds))
    payload.append(field: 13, unsigned: UInt64(strokesPerDotCeiling))
    payload.append(field: 14, signed: Int64(depthTolerance.count))
    payload.append(field: 15, unsigned: UInt64(clamping: plannedTimeOut.inMicroseconds))
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: profile = value.text(payload)
      case 2: version = value.unsigned32
      case 3: mode = value.text(payload)
      case 4: rate = Millihertz(value.signed32)
      case 5: depth = Micrometres(value.signed32)
      case 6: dwell = .microseconds(Int64(clamping: min(value.unsigned, 1 << 50)))
      case 7: strokesPerDot = value.unsigned32
      case 8: dotRate = Millihertz(value.signed32)
      case 9: rateCeiling = Millihertz(value.signed32)
      case 10: depthCeiling = Micrometres(value.signed32)
      case 11: dwellCeiling = .microseconds(Int64(clamping: min(value.unsigned, 1 << 50)))
      case 12: offTimeFloor = .microseconds(Int64(clamping: min(value.unsigned, 1 << 50)))
      case 13: strokesPerDotCeiling = value.unsigned32
      case 14: depthTolerance = Micrometres(value.signed32)
      case 15: plannedTimeOut = .microseconds(Int64(clamping: min(value.unsigned, 1 << 50)))
      default: break
      }
    }
  }
}
