/// What a VESC measures: the reply to GET_VALUES, of which the firmware has sent the same beginning since version 3.40.
///
/// Source: `COMM_GET_VALUES` in `comm/commands.c` of vedderb/bldc; later versions append, and nothing here depends on it.
public struct VESCValues: Sendable, BitwiseCopyable {
  /// Tenths of a degree; the motor's is what an unfitted sensor makes of it.
  public var transistorTemperature: Int16
  public var motorTemperature: Int16
  /// Hundredths of an ampere, into the motor.
  public var motorCurrent: Int32
  /// Electrical revolutions per minute.
  public var rpm: Int32
  /// Steps of the commutation since the controller started, whichever way.
  public var tachometer: Int32
  /// 0 = none.
  public var fault: UInt8
  /// Millionths of a degree: where position control believes the motor is.
  public var angle: Int32
  /// The controller's number on the CAN bus.
  public var controller: UInt8
  /// The controller's time-out has expired; `false` where the firmware does not say.
  public var hasTimedOut: Bool

  /// Up to the controller's number.
  static var shortest: Int { @_noLocks get { 59 } }

  @_noLocks public init() {
    transistorTemperature = 0
    motorTemperature = 0
    motorCurrent = 0
    rpm = 0
    tachometer = 0
    fault = 0
    angle = 0
    controller = 0
    hasTimedOut = false
  }

  /// Reads a payload; `nil` when it is another's or too short.
  @_noLocks public init?(_ payload: VESCPayload) {
    guard payload[0] == VESCCommand.getValues.number, payload.count >= Self.shortest else { return nil }
    transistorTemperature = payload.half(at: 1)
    motorTemperature = payload.half(at: 3)
    motorCurrent = payload.integer(at: 5)
    rpm = payload.integer(at: 23)
    tachometer = payload.integer(at: 49)
    fault = payload[53]
    angle = payload.integer(at: 54)
    controller = payload[58]
    hasTimedOut = payload.count > 73 && payload[73] & 1 != 0
  }

  /// The payload a controller answers with; what is not kept here is 0.
  public var payload: VESCPayload {
    @_noLocks get {
      var payload = VESCPayload(.getValues)
      payload.append(transistorTemperature)
      payload.append(motorTemperature)
      payload.append(motorCurrent)
      var words = 0
      while words < 3 {
        payload.append(Int32(0))
        words += 1
      }
      payload.append(Int16(0))
      payload.append(rpm)
      payload.append(Int16(240))
      words = 0
      while words < 5 {
        payload.append(Int32(0))
        words += 1
      }
      payload.append(tachometer)
      payload.append(fault)
      payload.append(angle)
      payload.append(controller)
      words = 0
      while words < 3 {
        payload.append(transistorTemperature)
        words += 1
      }
      payload.append(Int32(0))
      payload.append(Int32(0))
      payload.append(UInt8(hasTimedOut ? 1 : 0))
      return payload
    }
  }
}
