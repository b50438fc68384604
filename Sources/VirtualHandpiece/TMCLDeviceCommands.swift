import DriveLink
import Units

/// What a virtual module does with each instruction.
extension TMCLDevice {
  typealias Result = (status: TMCLStatus, value: Int32)

  mutating func execute(_ request: TMCLRequest) -> Result {
    switch request.instruction.number {
    case TMCLInstruction.firmwareVersion.number:
      guard request.type == 1 else { return (.wrongType, 0) }
      let identity =
        Int32(parameters.family.moduleNumber) << 16 | Int32(parameters.firmwareMajor) << 8
        | Int32(parameters.firmwareMinor)
      return (.success, identity)
    case TMCLInstruction.setGlobal.number, TMCLInstruction.getGlobal.number,
      TMCLInstruction.storeGlobal.number, TMCLInstruction.restoreGlobal.number:
      return executeGlobal(request)
    case TMCLInstruction.rotateRight.number, TMCLInstruction.rotateLeft.number, TMCLInstruction.stop.number,
      TMCLInstruction.move.number, TMCLInstruction.referenceSearch.number:
      guard request.motor == 0 else { return (.invalidValue, 0) }
      return parameters.family.turnsNeedle ? executeServoMotion(request) : executeMotion(request)
    case TMCLInstruction.setAxis.number, TMCLInstruction.getAxis.number, TMCLInstruction.storeAxis.number,
      TMCLInstruction.restoreAxis.number:
      guard request.motor == 0 else { return (.invalidValue, 0) }
      return executeAxis(request)
    default: return (.invalidCommand, 0)
    }
  }

  private mutating func executeMotion(_ request: TMCLRequest) -> Result {
    switch request.instruction.number {
    case TMCLInstruction.rotateRight.number:
      axis.turn(speed: stepsPerSecond(request.value), acceleration: acceleration)
    case TMCLInstruction.rotateLeft.number:
      axis.turn(speed: -stepsPerSecond(request.value), acceleration: acceleration)
    case TMCLInstruction.stop.number: axis.stop(acceleration: acceleration)
    case TMCLInstruction.move.number:
      switch request.type {
      case 0: moveTo(Double(request.value))
      case 1: moveTo(axis.counter.rounded() + Double(request.value))
      default: return (.wrongType, 0)
      }
    default:
      switch request.type {
      case 0:
        axis.search(
          searchSpeed: speedLimit(TMCLAxisParameter.referenceSearchSpeed),
          switchSpeed: speedLimit(TMCLAxisParameter.referenceSwitchSpeed), acceleration: acceleration)
      case 1: if axis.isSearching { axis.stop(acceleration: acceleration) }
      case 2: return (.success, axis.isSearching ? (axis.activity == .approaching ? 1 : 2) : 0)
      default: return (.wrongType, 0)
      }
    }
    return (.success, request.value)
  }

  private mutating func executeAxis(_ request: TMCLRequest) -> Result {
    let number = request.type
    guard axisParameters.exists(number) else { return (.wrongType, 0) }
    switch request.instruction.number {
    case TMCLInstruction.getAxis.number: return (.success, axisValue(number))
    case TMCLInstruction.storeAxis.number:
      storedAxisParameters[number] = axisParameters[number]
      return (.success, 0)
    case TMCLInstruction.restoreAxis.number:
      axisParameters[number] = storedAxisParameters[number]
      return (.success, 0)
    default:
      guard axisParameters.isWritable(number) else { return (.wrongType, 0) }
      guard axisParameters.accepts(request.value, for: number), faults.refusedParameter != number else {
        return (.invalidValue, 0)
      }
      if faults.ignoredParameter != number { setAxis(number, request.value) }
      return (.success, request.value)
    }
  }

  private mutating func setAxis(_ number: UInt8, _ value: Int32) {
    if parameters.family.turnsNeedle {
      axisParameters[number] = value
      if number == servoNumbers.targetSpeed { turnServo(at: Int64(value)) }
      return
    }
    switch number {
    case TMCLAxisParameter.targetPosition: moveTo(Double(value))
    case TMCLAxisParameter.actualPosition: axis.setCounter(Double(value))
    case TMCLAxisParameter.targetSpeed:
      axis.turn(speed: stepsPerSecond(value), acceleration: acceleration)
    default: axisParameters[number] = value
    }
  }

  private func axisValue(_ number: UInt8) -> Int32 {
    if parameters.family.turnsNeedle { return servoValue(number) }
    return switch number {
    case TMCLAxisParameter.targetPosition: Int32(axis.target)
    case TMCLAxisParameter.actualPosition: Int32(axis.counter.rounded()) &+ faults.positionError
    case TMCLAxisParameter.actualSpeed, TMCLAxisParameter.targetSpeed: moduleSpeed(axis.speed)
    case TMCLAxisParameter.positionReached: axis.hasArrived ? 1 : 0
    case 11: axis.switchClosed ? 1 : 0
    case TMCLAxisParameter.driverStatus: faults.driverStatus
    default: axisParameters[number]
    }
  }

  private mutating func executeGlobal(_ request: TMCLRequest) -> Result {
    let number = request.type
    guard request.motor == 0 else { return (.invalidValue, 0) }
    guard globalParameters.exists(number) else { return (.wrongType, 0) }
    switch request.instruction.number {
    case TMCLInstruction.getGlobal.number:
      if number == TMCLGlobalParameter.tickTimer {
        return (.success, Int32(truncatingIfNeeded: (now - tickStart).inMilliseconds))
      }
      return (.success, globalParameters[number])
    case TMCLInstruction.storeGlobal.number:
      storedGlobalParameters[number] = globalParameters[number]
      return (.success, 0)
    case TMCLInstruction.restoreGlobal.number:
      globalParameters[number] = storedGlobalParameters[number]
      return (.success, 0)
    default:
      guard globalParameters.accepts(request.value, for: number) else { return (.invalidValue, 0) }
      if number == TMCLGlobalParameter.tickTimer {
        tickStart = now - .milliseconds(Int64(request.value))
      }
      globalParameters[number] = request.value
      return (.success, request.value)
    }
  }

  private mutating func moveTo(_ target: Double) {
    axis.move(
      to: target, maximumSpeed: speedLimit(TMCLAxisParameter.maximumSpeed), acceleration: acceleration)
  }

  /// A speed limit, never quite 0 so that a motion always ends.
  private func speedLimit(_ number: UInt8) -> Double { max(1, stepsPerSecond(axisParameters[number])) }
}

/// The module's own units.
extension TMCLDevice {
  /// Microsteps per second of one unit of speed: 1 on the TMCM-1240; the TMC429's clock over 2^pulse divisor × 65,536 on
  /// the TMCM-1140.
  private var speedUnit: Double {
    guard !parameters.family.usesStepsPerSecond else { return 1 }
    let divisor = Int64(1) << Int64(axisParameters[TMCLAxisParameter.pulseDivisor])
    return 16_000_000 / (Double(divisor) * 65_536)
  }

  private func stepsPerSecond(_ value: Int32) -> Double { Double(value) * speedUnit }

  private func moduleSpeed(_ stepsPerSecond: Double) -> Int32 {
    Int32((stepsPerSecond / speedUnit).rounded())
  }

  /// Microsteps/s² of the ramp.
  var acceleration: Double {
    let value = max(1, Double(axisParameters[TMCLAxisParameter.maximumAcceleration]))
    guard !parameters.family.usesStepsPerSecond else { return value }
    let exponent =
      Int64(axisParameters[TMCLAxisParameter.pulseDivisor])
      + Int64(axisParameters[TMCLAxisParameter.rampDivisor]) + 29
    return 16_000_000.0 * 16_000_000.0 * value / Double(Int64(1) << exponent)
  }
}
