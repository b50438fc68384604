import DriveLink
import Units

/// What a virtual module that turns the needle does with the instructions of motion.
extension TMCLDevice {
  var servoNumbers: TMCLServoParameters { TMCLServoParameters(parameters.family) }

  mutating func executeServoMotion(_ request: TMCLRequest) -> Result {
    switch request.instruction.number {
    case TMCLInstruction.rotateRight.number: turnServo(at: Int64(request.value))
    case TMCLInstruction.rotateLeft.number: turnServo(at: -Int64(request.value))
    case TMCLInstruction.stop.number: turnServo(at: 0)
    default: return (.commandNotAvailable, 0)
    }
    return (.success, request.value)
  }

  /// Along the ramp to so many revolutions per minute, as many as the module's own limit allows.
  mutating func turnServo(at speed: Int64) {
    let numbers = servoNumbers
    let limit = Int64(axisParameters[numbers.maximumSpeed])
    let held = min(Int64(speed.magnitude), limit)
    if speed != 0 { motor.turnsLeft = speed < 0 }
    let perMinute = axisParameters[numbers.usesRamp] == 1 ? axisParameters[numbers.maximumAcceleration] : .max
    motor.demand = .run(
      rate: Millihertz(Int32(clamping: held * 1_000 / 60)), acceleration: max(1, perMinute / 60))
  }

  func servoValue(_ number: UInt8) -> Int32 {
    let numbers = servoNumbers
    switch number {
    case numbers.actualSpeed: return Int32(motor.reportedSpeed.rounded())
    case numbers.targetSpeed:
      guard case .run(let rate, _) = motor.demand else { return 0 }
      let speed = Int32(clamping: Int64(rate.count) * 60 / 1_000)
      return motor.turnsLeft ? -speed : speed
    case numbers.actualCurrent: return motor.current
    case numbers.statusFlags: return faults.driverStatus
    case numbers.temperature: return parameters.temperature
    default: return axisParameters[number]
    }
  }
}
