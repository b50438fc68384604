public import Units

/// Everything the host side of a TMCL link has to know of a depth axis: the machine profile as plain numbers.
public struct TMCLLinkParameters: Sendable, BitwiseCopyable {
  public var module: TMCLModuleParameters
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

  /// A depth axis of 1 mm per revolution at 200 × 256 microsteps with the link's usual times; profiles change what differs.
  @_noLocks public init(family: TMCLModuleFamily, lease: Nanoseconds) {
    module = TMCLModuleParameters(family: family, lease: lease)
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
  }

  /// The first of these numbers that cannot work, `nil` when all can. The link runs only on parameters without a problem.
  public var problem: TMCLParameterProblem? { problem(sharing: 1) }

  /// The same where so many modules speak on the line.
  func problem(sharing modules: Int64) -> TMCLParameterProblem? {
    if module.family.turnsNeedle { return .family }
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
    if let problem = module.problem(sharing: modules) { return problem }
    let settings = TMCLSettings(self)
    return settings.isRepresentable ? nil : .notRepresentable
  }
}
