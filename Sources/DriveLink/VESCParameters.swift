public import Units

/// Everything the host side of a VESC link has to know: the machine profile as plain numbers.
public struct VESCLinkParameters: Sendable, BitwiseCopyable {
  public var depth: VESCDepthParameters
  /// `nil` on a linear machine, whose depth axis's controller is the one at the port; on a rotary machine this one is.
  public var needle: VESCNeedleParameters?
  /// How long silence may last, either way: the controllers' own time-outs have to be within it.
  public var lease: Nanoseconds
  /// Longest wait for a reply; settings, which are ten times as long, may take 100 ms more.
  public var replyTimeout: Nanoseconds
  /// Time from one reading of a controller to the next.
  public var pollingPeriod: Nanoseconds
  /// Time between attempts while a controller is down or was refused.
  public var reconnectPeriod: Nanoseconds
  /// Round trips that may fail in a row before a controller is down.
  public var maximumRetries: Int32

  /// The usual times; profiles change what differs.
  @_noLocks
  public init(depth: VESCDepthParameters, needle: VESCNeedleParameters? = nil, lease: Nanoseconds) {
    self.depth = depth
    self.needle = needle
    self.lease = lease
    replyTimeout = .milliseconds(10)
    pollingPeriod = .milliseconds(20)
    reconnectPeriod = .milliseconds(100)
    maximumRetries = 3
  }

  /// The first of these numbers that cannot work, `nil` when all can. The link runs only on parameters without a problem.
  public var problem: VESCParameterProblem? {
    if depth.lead <= .zero || depth.lead > Micrometres(100_000) { return .lead }
    // A whole turn less a tenth: beyond it nobody can tell the one end from the other.
    let used = Int64(depth.maximum.count) - Int64(depth.minimum.count)
    if used < 0 || used * 10 > Int64(depth.lead.count) * 9 || depth.minimum < depth.depthAtZero {
      return .depthRange
    }
    if depth.maximumSpeed <= 0 || depth.tolerance < .zero { return .speed }
    if depth.maximumCurrent.count <= 0 { return .current }
    if let needle {
      if needle.controller == depth.controller { return .controllersEqual }
      if needle.gearMotor < 1 || needle.gearMotor > 1_000 || needle.gearCam < 1 || needle.gearCam > 1_000 {
        return .gear
      }
      if needle.polePairs < 1 || needle.polePairs > 50 { return .polePairs }
      if needle.maximumRate <= .zero { return .rate }
      if NeedleScale(needle).speed(of: needle.maximumRate) > 1_000_000 { return .rate }
      if needle.maximumCurrent.count <= 0 { return .current }
    }
    if lease < .milliseconds(10) || lease > LinkPace.longestLease { return .lease }
    if replyTimeout < .milliseconds(2) || maximumRetries < 0 { return .replyTimeout }
    if pollingPeriod <= .zero
      || pollingPeriod + LinkPace.retries(replyTimeout: replyTimeout, sharing: controllers) > lease
    {
      return .pollingPeriod
    }
    return reconnectPeriod < replyTimeout ? .reconnectPeriod : nil
  }

  /// How many controllers share the line.
  var controllers: Int64 {
    @_noLocks get {
      if case .some = needle { return 2 }
      return 1
    }
  }
}

/// A depth axis on a VESC in position control: less than one turn, whose angle an absolute encoder knows.
public struct VESCDepthParameters: Sendable, BitwiseCopyable {
  /// Its number on the CAN bus.
  public var controller: UInt8
  /// How far the needle comes out in one whole turn, µm, and whether it does so as the angle falls.
  public var lead: Micrometres
  public var isReversed: Bool
  /// Depth at 0°.
  public var depthAtZero: Micrometres
  /// Depths the link will command; anything else is refused before it reaches the line.
  public var minimum: Micrometres
  public var maximum: Micrometres
  /// How near to where it was sent the axis has to stand, and how fast it can be at the most, µm/s.
  public var tolerance: Micrometres
  public var maximumSpeed: Int32
  public var maximumCurrent: Milliamperes

  /// 3 mm to a turn, beginning half a millimetre inside the nose.
  @_noLocks public init(controller: UInt8) {
    self.controller = controller
    lead = Micrometres(3_000)
    isReversed = false
    depthAtZero = Micrometres(-500)
    minimum = .zero
    maximum = Micrometres(2_000)
    tolerance = Micrometres(20)
    maximumSpeed = 5_000
    maximumCurrent = Milliamperes(300)
  }
}

/// A needle motor on a VESC in speed control.
public struct VESCNeedleParameters: Sendable, BitwiseCopyable {
  /// Its number on the CAN bus.
  public var controller: UInt8
  /// Revolutions of the motor for revolutions of the cam, each 1...1000.
  public var gearMotor: Int32
  public var gearCam: Int32
  public var isReversed: Bool
  public var polePairs: Int32
  /// Rates the link will command, and the controller's own greatest speed.
  public var maximumRate: Millihertz
  /// Most current of the motor, and what brakes it.
  public var maximumCurrent: Milliamperes

  /// A motor of four pole pairs that turns the cam itself.
  @_noLocks public init(controller: UInt8) {
    self.controller = controller
    gearMotor = 1
    gearCam = 1
    isReversed = false
    polePairs = 4
    maximumRate = .hertz(150)
    maximumCurrent = Milliamperes(800)
  }
}

extension NeedleScale {
  /// A VESC counts electrical revolutions.
  @_noLocks init(_ parameters: VESCNeedleParameters) {
    self.init(
      gearMotor: parameters.gearMotor, gearCam: parameters.gearCam, polePairs: parameters.polePairs,
      isReversed: parameters.isReversed, maximumRate: parameters.maximumRate)
  }
}

/// A parameter of the link that cannot work.
public enum VESCParameterProblem: UInt8, CaseIterable, Error, Sendable, BitwiseCopyable {
  case lead, depthRange, speed, current, controllersEqual, gear, polePairs, rate, lease, replyTimeout
  case pollingPeriod, reconnectPeriod

  /// What is wrong and what would be right.
  public var explanation: String {
    switch self {
    case .lead: "the lead is not positive, or beyond 100 mm"
    case .depthRange:
      "the depth range is reversed, begins before 0°, or takes more than nine tenths of a turn"
    case .speed: "the depth axis's speed is not positive, or its tolerance negative"
    case .current: "a current is not positive"
    case .controllersEqual: "both controllers have the same number: give each its own"
    case .gear: "the gear is not two whole numbers from 1 to 1000"
    case .polePairs: "the motor has no pole pairs, or more than 50"
    case .rate: "the greatest rate is not positive, or beyond a million electrical revolutions per minute"
    case .lease: "the lease is not from 10 ms to 250 ms"
    case .replyTimeout: "the reply time-out is under 2 ms or the number of retries is negative"
    case .pollingPeriod:
      "the polling period and four reply time-outs of each controller do not fit into the lease"
    case .reconnectPeriod: "the reconnect period is shorter than the reply time-out"
    }
  }
}
