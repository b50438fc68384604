/// The ten limits a VESC holds until it restarts (SET_MCCONF_TEMP and GET_MCCONF_TEMP), in the order in which both carry them.
///
/// Only what bounds the motor's current and speed is ours; the others are written back as they were read.
public struct VESCLimits: Sendable, BitwiseCopyable {
  /// Shares of the greatest currents in the motor's settings, braking and driving, 0...1.
  public var brakingScale: Float
  public var drivingScale: Float
  /// Electrical revolutions per minute.
  public var lowestRPM: Float
  public var highestRPM: Float
  /// Least and most duty cycle, power and battery current.
  private var others: InlineArray<6, UInt32>
  /// Poles of the motor, as far as VESC Tool was told.
  public var poles: UInt8

  static var shortest: Int { @_noLocks get { 42 } }

  /// A controller as delivered: no scale, 100,000 either way.
  @_noLocks public init() {
    brakingScale = 1
    drivingScale = 1
    lowestRPM = -100_000
    highestRPM = 100_000
    others = InlineArray(repeating: 0)
    poles = 14
  }

  /// Reads the reply to GET_MCCONF_TEMP; `nil` when it is another's or too short.
  @_noLocks public init?(_ payload: VESCPayload) {
    guard payload[0] == VESCCommand.getTemporaryLimits.number, payload.count >= Self.shortest else {
      return nil
    }
    self.init(reading: payload, at: 1)
    poles = payload[41]
  }

  /// Reads a SET_MCCONF_TEMP request; `nil` when it is another's or too short.
  @_noLocks public init?(request payload: VESCPayload) {
    guard payload[0] == VESCCommand.setTemporaryLimits.number, payload.count >= 45 else { return nil }
    self.init(reading: payload, at: 5)
  }

  @_noLocks private init(reading payload: VESCPayload, at start: Int) {
    brakingScale = payload.number(at: start)
    drivingScale = payload.number(at: start + 4)
    lowestRPM = payload.number(at: start + 8)
    highestRPM = payload.number(at: start + 12)
    others = InlineArray(repeating: 0)
    poles = 0
    var index = 0
    while index < 6 {
      others[index] = payload.word(at: start + 16 + 4 * index)
      index += 1
    }
  }

  /// The request that sets them: not stored, not forwarded, acknowledged, not divided among controllers.
  public var request: VESCPayload {
    @_noLocks get {
      var payload = VESCPayload(.setTemporaryLimits)
      payload.append(UInt8(0))
      payload.append(UInt8(0))
      payload.append(UInt8(1))
      payload.append(UInt8(0))
      append(to: &payload)
      return payload
    }
  }

  /// The reply to GET_MCCONF_TEMP: the limits, poles, gear ratio and wheel.
  public var reply: VESCPayload {
    @_noLocks get {
      var payload = VESCPayload(.getTemporaryLimits)
      append(to: &payload)
      payload.append(poles)
      payload.append(Float(1))
      payload.append(Float(0.1))
      return payload
    }
  }

  @_noLocks private func append(to payload: inout VESCPayload) {
    payload.append(brakingScale)
    payload.append(drivingScale)
    payload.append(lowestRPM)
    payload.append(highestRPM)
    var index = 0
    while index < 6 {
      payload.append(others[index])
      index += 1
    }
  }

  /// The same as far as they are ours.
  @_noLocks func bounds(as wanted: Self) -> Bool {
    brakingScale.bitPattern == wanted.brakingScale.bitPattern
      && drivingScale.bitPattern == wanted.drivingScale.bitPattern
      && lowestRPM.bitPattern == wanted.lowestRPM.bitPattern
      && highestRPM.bitPattern == wanted.highestRPM.bitPattern
  }
}
