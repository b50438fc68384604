public import Units

/// Everything the host side of a TMCL link has to know: the machine profile as plain numbers.
public struct TMCLLinkParameters: Sendable, BitwiseCopyable {
  /// The module's own address and the address it replies to: 1 and 2 as delivered.
  public var moduleAddress: UInt8
  public var replyAddress: UInt8
  /// The motor that moves the depth stop, 0 on modules with one axis.
  public var motor: UInt8
  public var family: TMCLModuleFamily
  /// Microsteps of the module per millimetre of needle depth; negative when the counter falls as the needle comes out.
  public var microstepsPerMillimetre: Int32
  /// Power of two of microsteps per full step, 0...8.
  public var microstepResolution: Int32
  /// Depth at which the axis stands when it is on its reference switch.
  public var depthAtReference: Micrometres
  /// Depths the link will command; anything else is refused before it reaches the line.
  public var depthMinimum: Micrometres
  public var depthMaximum: Micrometres
  /// Greatest speed and acceleration of the axis, µm/s and µm/s².
  public var maximumSpeed: Int32
  public var maximumAcceleration: Int32
  /// Speeds of the reference search towards the switch and off it again, µm/s.
  public var referenceSpeed: Int32
  public var referenceSwitchSpeed: Int32
  /// The motor current (RMS) at the module's parameter value 255.
  public var currentAtFullScale: Milliamperes
  /// Greatest current of the motor while it moves and while it stands.
  public var maximumCurrent: Milliamperes
  public var standbyCurrent: Milliamperes
  /// After a finished search the axis has to stand this near to the switch.
  public var referenceTolerance: Micrometres
  /// How long silence may last, either way: the module's heartbeat is set to it, and a module silent for longer is down.
  public var lease: Nanoseconds
  /// Arms the module's serial heartbeat, where its family has one.
  public var armsHeartbeat: Bool
  /// Longest wait for a reply.
  public var replyTimeout: Nanoseconds
  /// Time from one reading of the position to the next.
  public var pollingPeriod: Nanoseconds
  /// Time between attempts while the link is down or its configuration was refused.
  public var reconnectPeriod: Nanoseconds
  /// Round trips that may fail in a row before the link is down.
  public var maximumRetries: Int32

  /// A depth axis of 1 mm per revolution at 200 × 256 microsteps with the link's usual times; profiles change what differs.
  @_noLocks public init(family: TMCLModuleFamily, lease: Nanoseconds) {
    moduleAddress = 1
    replyAddress = 2
    motor = 0
    self.family = family
    microstepsPerMillimetre = 51_200
    microstepResolution = 8
    depthAtReference = Micrometres(0)
    depthMinimum = Micrometres(0)
    depthMaximum = Micrometres(2_000)
    maximumSpeed = 5_000
    maximumAcceleration = 50_000
    referenceSpeed = 2_000
    referenceSwitchSpeed = 200
    currentAtFullScale = Milliamperes(family.currentAtFullScale)
    maximumCurrent = Milliamperes(300)
    standbyCurrent = Milliamperes(80)
    referenceTolerance = Micrometres(20)
    self.lease = lease
    armsHeartbeat = true
    replyTimeout = .milliseconds(15)
    pollingPeriod = .milliseconds(20)
    reconnectPeriod = .milliseconds(100)
    maximumRetries = 3
  }

  /// The first of these numbers that cannot work, `nil` when all can. The link runs only on parameters without a problem.
  public var problem: TMCLParameterProblem? {
    if moduleAddress == replyAddress { return .addressesEqual }
    if microstepsPerMillimetre == 0 || microstepsPerMillimetre.magnitude > 1_000_000 {
      return .microstepsPerMillimetre
    }
    if microstepResolution < 0 || microstepResolution > 8 { return .microstepResolution }
    if depthMinimum > depthMaximum || depthMaximum > Micrometres(10_000)
      || depthMinimum < Micrometres(-10_000) || depthAtReference.magnitude > Micrometres(10_000)
    {
      return .depthRange
    }
    if maximumSpeed <= 0 || referenceSpeed <= 0 || referenceSwitchSpeed <= 0
      || referenceSpeed > maximumSpeed || referenceSwitchSpeed > maximumSpeed
    {
      return .speed
    }
    if maximumAcceleration <= 0 { return .acceleration }
    if maximumCurrent.count <= 0 || maximumCurrent > currentAtFullScale
      || standbyCurrent.count < 0 || standbyCurrent > maximumCurrent
    {
      return .current
    }
    if referenceTolerance < Micrometres(0) { return .referenceTolerance }
    if lease < .milliseconds(10) || lease > .milliseconds(250) { return .lease }
    if replyTimeout < .milliseconds(2) || maximumRetries < 0 { return .replyTimeout }
    // One lost reply, its drain and a repeat have to fit between two renewals, or noise alone would expire the lease.
    if pollingPeriod <= .zero || pollingPeriod + replyTimeout * 4 > lease { return .pollingPeriod }
    if reconnectPeriod < replyTimeout { return .reconnectPeriod }
    let settings = TMCLSettings(self)
    return settings.isRepresentable ? nil : .notRepresentable
  }
}

/// A parameter of the link that cannot work.
public enum TMCLParameterProblem: UInt8, CaseIterable, Error, Sendable, BitwiseCopyable {
  case addressesEqual, microstepsPerMillimetre, microstepResolution, depthRange, speed, acceleration, current
  case referenceTolerance, lease, replyTimeout, pollingPeriod, reconnectPeriod, notRepresentable

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
    case .pollingPeriod: "the polling period and four reply time-outs do not fit into the lease"
    case .reconnectPeriod: "the reconnect period is shorter than the reply time-out"
    case .notRepresentable: "a speed, acceleration or current rounds to nothing in the module's units"
    }
  }
}
