import DriveLink
import Units

/// One virtual VESC: its settings, its limits, the motor it drives, and its own time-out.
public struct VESCUnit: Sendable {
  public var parameters: VESCUnitParameters
  /// The needle's motor, where it turns one.
  public var motor = ServoMotor()
  /// The depth axis, where it holds one.
  public private(set) var axis: AngleAxis
  /// What it reports as its fault; 0 = none.
  public var fault: UInt8 = 0
  /// Added to every angle reported, millionths of a degree: a controller that lies.
  private var angleError: Int32 = 0
  mutating func lie(micrometres: Double) {
    angleError = Int32(clamping: Int64(micrometres / parameters.lead * 360_000_000))
  }
  /// Commands it has carried out, times its time-out expired, and restarts.
  public private(set) var commands = 0
  public private(set) var expiries = 0
  public private(set) var restarts = 0
  private(set) var limits = VESCLimits()
  private var now: Instant
  private var bootedAt: Instant
  private var renewedAt: Instant
  private var hasTimedOut = false
  /// Commutation steps since the start: six for an electrical revolution.
  private var tachometer = 0.0

  init(_ parameters: VESCUnitParameters, at now: Instant) {
    self.parameters = parameters
    axis = AngleAxis(at: parameters.angle, speed: parameters.angularSpeed, since: now)
    limits.poles = UInt8(clamping: parameters.polePairs * 2)
    self.now = now
    bootedAt = now
    renewedAt = now
  }

  var isBooted: Bool { now >= bootedAt }

  /// Depth the axis gives, µm.
  var depth: Double {
    let angle = axis.angle(at: now)
    return parameters.depthAtZero + parameters.lead * (parameters.isReversed ? 360 - angle : angle) / 360
  }

  /// When it lets the motor go by itself.
  var nextEvent: Instant {
    let expiry =
      parameters.timeout > 0 && !hasTimedOut
      ? renewedAt + .milliseconds(Int64(parameters.timeout)) : Instant.distantFuture
    return axis.arrival(after: now).earlier(of: expiry)
  }

  mutating func advance(to instant: Instant) {
    let end = instant.later(of: now)
    let seconds = Double((end - now).count) / 1e9
    tachometer += Double(motor.rate.count) / 1_000 * Double(parameters.polePairs) * 6 * seconds
    let expiry = renewedAt + .milliseconds(Int64(parameters.timeout))
    now = end
    guard parameters.timeout > 0, !hasTimedOut, expiry <= end else { return }
    hasTimedOut = true
    expiries += 1
    release()
  }

  mutating func setTorque(_ on: Bool) {
    motor.hasTorque = on
    axis.setTorque(on, at: now)
  }

  mutating func restart() {
    restarts += 1
    release()
    limits = VESCLimits()
    limits.poles = UInt8(clamping: parameters.polePairs * 2)
    tachometer = 0
    hasTimedOut = false
    bootedAt = now + parameters.bootTime
    renewedAt = bootedAt
  }

  private mutating func release() {
    motor.demand = .free
    axis.stop(at: now)
  }

  /// Carries out a command; what it answers, `nil` for nothing.
  mutating func answer(_ payload: VESCPayload) -> VESCPayload? {
    switch VESCCommand(payload[0]).number {
    case VESCCommand.firmwareVersion.number: return version
    case VESCCommand.getValues.number: return values
    case VESCCommand.getAppConfiguration.number: return appConfiguration
    case VESCCommand.getMotorConfiguration.number: return motorConfiguration
    case VESCCommand.getTemporaryLimits.number: return limits.reply
    case VESCCommand.setTemporaryLimits.number:
      guard var wanted = VESCLimits(request: payload) else { return nil }
      wanted.poles = limits.poles
      limits = wanted
      return VESCPayload(.setTemporaryLimits)
    default:
      carryOut(payload)
      return nil
    }
  }

  private mutating func carryOut(_ payload: VESCPayload) {
    let value = payload.integer(at: 1)
    switch payload[0] {
    case VESCCommand.alive.number: break
    case VESCCommand.setCurrent.number where payload.count >= 5: release()
    case VESCCommand.setCurrentBrake.number where payload.count >= 5: brake(milliamperes: value)
    case VESCCommand.setRPM.number where payload.count >= 5: turn(at: value)
    case VESCCommand.setPosition.number where payload.count >= 5:
      axis.move(to: Double(value) / 1_000_000, at: now)
    default: return
    }
    commands += 1
    renewedAt = now
    hasTimedOut = false
  }

  private mutating func brake(milliamperes: Int32) {
    let most = Double(parameters.greatestCurrent * limits.brakingScale) * 1_000
    let share = most > 0 ? min(1, abs(Double(milliamperes)) / most) : 0
    motor.demand = .run(rate: .zero, acceleration: max(1, Int32(Double(parameters.braking) * share)))
  }

  /// Below its lowest speed the controller's speed control lets the motor go.
  private mutating func turn(at rpm: Int32) {
    let held = min(max(Double(rpm), Double(limits.lowestRPM)), Double(limits.highestRPM))
    guard abs(held) >= Double(parameters.lowestRPM) else {
      motor.demand = .free
      return
    }
    motor.turnsLeft = held < 0
    let perRevolution = 60 * Double(parameters.polePairs)
    motor.demand = .run(
      rate: Millihertz(Int32((abs(held) * 1_000 / perRevolution).rounded())),
      acceleration: max(1, Int32(parameters.ramp / perRevolution)))
  }
}

/// What it says.
extension VESCUnit {
  private var version: VESCPayload {
    var payload = VESCPayload(.firmwareVersion)
    payload.append(parameters.firmware.major)
    payload.append(parameters.firmware.minor)
    for byte in "410".utf8 { payload.append(byte) }
    payload.append(UInt8(0))
    for byte in UInt8(1)...12 { payload.append(byte) }
    payload.append(UInt8(0))
    payload.append(UInt8(0))
    return payload
  }

  private var values: VESCPayload {
    var values = VESCValues()
    values.transistorTemperature = parameters.temperature
    values.motorTemperature = parameters.temperature
    values.motorCurrent = motor.current / 10
    values.rpm = Int32((motor.reportedSpeed * Double(parameters.polePairs)).rounded())
    values.tachometer = Int32(truncatingIfNeeded: Int64(tachometer))
    values.fault = fault
    values.angle = Int32((axis.angle(at: now) * 1_000_000).rounded()) &+ angleError
    values.controller = parameters.number
    values.hasTimedOut = hasTimedOut
    return values.payload
  }

  /// As long as the real one of 6.0, about; only the beginning says anything.
  private var appConfiguration: VESCPayload {
    var payload = VESCPayload(.getAppConfiguration)
    payload.append(parameters.firmware.appSignature)
    payload.append(parameters.number)
    payload.append(parameters.timeout)
    payload.append(Float(0))
    while payload.count < 480 { payload.append(UInt8(0)) }
    return payload
  }

  private var motorConfiguration: VESCPayload {
    var payload = VESCPayload(.getMotorConfiguration)
    payload.append(parameters.firmware.motorSignature)
    for mode in [UInt8(0), 0, 2, 0] { payload.append(mode) }
    payload.append(parameters.greatestCurrent)
    payload.append(-parameters.greatestCurrent)
    while payload.count < VESCPayload.capacity { payload.append(UInt8(0)) }
    return payload
  }
}
