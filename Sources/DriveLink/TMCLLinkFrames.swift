import StrokeControl
import Units

/// Requests, and the conversions between the needle's depth and the module's microsteps.
extension TMCLLink {
  var armsHeartbeat: Bool {
    @_noLocks get { parameters.armsHeartbeat && parameters.family.hasSerialHeartbeat }
  }

  /// The lease in the unit of the module's heartbeat, rounded down.
  var heartbeatMilliseconds: Int32 {
    @_noLocks get {
      let milliseconds = parameters.lease.inMilliseconds
      return milliseconds > 65_535 ? 65_535 : Int32(milliseconds)
    }
  }

  @_noLocks func request(for errand: TMCLErrand) -> TMCLRequest {
    switch errand {
    case .probe: return make(.firmwareVersion, 1)
    case .speed: return axis(.getAxis, TMCLAxisParameter.actualSpeed)
    case .stop: return axis(.stop, 0)
    case .endSearch: return axis(.referenceSearch, 1)
    case .set(let index): return axis(.setAxis, settings[index].parameter, settings[index].value)
    case .verify(let index), .inspect(let index): return axis(.getAxis, settings[index].parameter)
    case .setHeartbeat:
      return make(.setGlobal, TMCLGlobalParameter.serialHeartbeat, heartbeatMilliseconds)
    case .verifyHeartbeat, .heartbeat: return make(.getGlobal, TMCLGlobalParameter.serialHeartbeat)
    case .startTick, .tick, .clearance: return make(.getGlobal, TMCLGlobalParameter.tickTimer)
    case .position: return axis(.getAxis, TMCLAxisParameter.actualPosition)
    case .driverStatus: return axis(.getAxis, TMCLAxisParameter.driverStatus)
    case .searchStatus: return axis(.referenceSearch, 2)
    case .startSearch: return axis(.referenceSearch, 0)
    case .move(let depth): return axis(.move, 0, position(of: depth))
    }
  }

  @_noLocks private func axis(_ instruction: TMCLInstruction, _ type: UInt8, _ value: Int32 = 0)
    -> TMCLRequest
  {
    TMCLRequest(
      address: parameters.moduleAddress, instruction, type: type, motor: parameters.motor, value: value)
  }

  @_noLocks private func make(_ instruction: TMCLInstruction, _ type: UInt8, _ value: Int32 = 0)
    -> TMCLRequest
  {
    TMCLRequest(address: parameters.moduleAddress, instruction, type: type, motor: 0, value: value)
  }

  /// Microsteps for a depth, rounded to the nearest.
  @_noLocks func position(of depth: Micrometres) -> Int32 {
    let travel = Int64(depth.count) - Int64(parameters.depthAtReference.count)
    return Int32(roundedQuotient(travel * Int64(parameters.microstepsPerMillimetre), 1_000))
  }

  /// Depth for a position in microsteps, rounded to the nearest µm; beyond ±1 km (a module gone mad) held there.
  @_noLocks func depth(at position: Int32) -> Micrometres {
    let perMillimetre = Int64(parameters.microstepsPerMillimetre)
    let travel = roundedQuotient(Int64(position) * 1_000, perMillimetre == 0 ? 1 : perMillimetre)
    let bound: Int64 = 1_000_000_000
    let held = travel > bound ? bound : (travel < 0 - bound ? 0 - bound : travel)
    return Micrometres(Int32(held)) + parameters.depthAtReference
  }

  @_noLocks private func roundedQuotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let size = divisor < 0 ? 0 - divisor : divisor
    let signed = divisor < 0 ? 0 - dividend : dividend
    return signed >= 0 ? (signed + size / 2) / size : 0 - (size / 2 - signed) / size
  }

  /// Time-outs and checksum errors since the link came up, for the controller.
  @_noLocks mutating func countErrors() {
    feedback.errors = statistics.timeouts &+ statistics.checksumErrors &- errorsBefore
  }
}
