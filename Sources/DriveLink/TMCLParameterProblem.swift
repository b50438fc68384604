/// A parameter of the link that cannot work.
public enum TMCLParameterProblem: UInt8, CaseIterable, Error, Sendable, BitwiseCopyable {
  case addressesEqual, microstepsPerMillimetre, microstepResolution, depthRange, speed, acceleration, current
  case referenceTolerance, lease, replyTimeout, pollingPeriod, reconnectPeriod, notRepresentable
  case family, gear, polePairs, rate

  /// What is wrong and what would be right.
  public var explanation: String {
    switch self {
    case .addressesEqual: "the module's address and the reply address are equal: give each its own"
    case .microstepsPerMillimetre: "microsteps per millimetre are 0 or beyond ±1,000,000"
    case .microstepResolution: "the microstep resolution is not a power of two from 0 to 8"
    case .depthRange: "the depth range is reversed or beyond ±10 mm"
    case .speed: "a speed is not positive, or a reference speed is above the greatest speed"
    case .acceleration: "the acceleration is not positive"
    case .current: "a current is not positive, above the module's full scale, or standby is above running"
    case .referenceTolerance: "the reference tolerance is negative"
    case .lease: "the lease is not from 10 ms to 250 ms"
    case .replyTimeout: "the reply time-out is under 2 ms or the number of retries is negative"
    case .pollingPeriod:
      "the polling period and four reply time-outs of each module on the line do not fit into the lease"
    case .reconnectPeriod: "the reconnect period is shorter than the reply time-out"
    case .notRepresentable:
      "a speed, acceleration or current rounds to nothing in the module's units, or is beyond its range"
    case .family:
      "the module is of a family for the other axis: a stepper moves the depth, a servo turns the needle"
    case .gear: "the gear is not two whole numbers from 1 to 1000"
    case .polePairs: "the motor has no pole pairs, or more than 50"
    case .rate: "the greatest rate is not positive"
    }
  }
}
