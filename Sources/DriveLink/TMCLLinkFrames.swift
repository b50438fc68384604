import StrokeControl
import Units

/// Requests.
extension TMCLLink {
  var armsHeartbeat: Bool {
    @_noLocks get { module.armsHeartbeat && module.family.hasSerialHeartbeat }
  }

  /// The lease in the unit of the module's heartbeat, rounded down.
  var heartbeatMilliseconds: Int32 {
    @_noLocks get {
      let milliseconds = module.lease.inMilliseconds
      return milliseconds > 65_535 ? 65_535 : Int32(milliseconds)
    }
  }

  @_noLocks func request(for errand: TMCLErrand) -> TMCLRequest {
    switch errand {
    case .probe: return make(.firmwareVersion, 1)
    case .speed, .rate: return request(.getAxis, speedParameter)
    case .stop: return request(.stop, 0)
    case .endSearch: return request(.referenceSearch, 1)
    case .set(let index): return request(.setAxis, settings[index].parameter, settings[index].value)
    case .verify(let index), .inspect(let index): return request(.getAxis, settings[index].parameter)
    case .setHeartbeat:
      return make(.setGlobal, TMCLGlobalParameter.serialHeartbeat, heartbeatMilliseconds)
    case .verifyHeartbeat, .heartbeat: return make(.getGlobal, TMCLGlobalParameter.serialHeartbeat)
    case .startTick, .tick, .clearance: return make(.getGlobal, TMCLGlobalParameter.tickTimer)
    case .position: return request(.getAxis, TMCLAxisParameter.actualPosition)
    case .driverStatus: return request(.getAxis, statusParameter)
    case .current: return request(.getAxis, servo.actualCurrent)
    case .temperature: return request(.getAxis, servo.temperature ?? servo.statusFlags)
    case .searchStatus: return request(.referenceSearch, 2)
    case .startSearch: return request(.referenceSearch, 0)
    case .move(let depth):
      guard case .depth(let scale) = axis else { return request(.stop, 0) }
      return request(.move, 0, scale.position(of: depth))
    case .spin(let rate):
      guard case .needle(let scale) = axis else { return request(.stop, 0) }
      let speed = scale.speed(of: rate)
      return request(
        scale.isReversed ? .rotateLeft : .rotateRight, 0, Int32(speed > 200_000 ? 200_000 : speed))
    }
  }

  /// The parameter numbers of a needle motor's family.
  var servo: TMCLServoParameters { @_noLocks get { TMCLServoParameters(module.family) } }

  private var speedParameter: UInt8 {
    @_noLocks get {
      if case .needle = axis { return servo.actualSpeed }
      return TMCLAxisParameter.actualSpeed
    }
  }

  private var statusParameter: UInt8 {
    @_noLocks get {
      if case .needle = axis { return servo.statusFlags }
      return TMCLAxisParameter.driverStatus
    }
  }

  @_noLocks private func request(_ instruction: TMCLInstruction, _ type: UInt8, _ value: Int32 = 0)
    -> TMCLRequest
  {
    TMCLRequest(
      address: module.moduleAddress, instruction, type: type, motor: module.motor, value: value)
  }

  @_noLocks private func make(_ instruction: TMCLInstruction, _ type: UInt8, _ value: Int32 = 0)
    -> TMCLRequest
  {
    TMCLRequest(address: module.moduleAddress, instruction, type: type, motor: 0, value: value)
  }
}
