public import Units

/// Everything the host side of a TMCL link has to know of a needle motor: the machine profile as plain numbers.
public struct TMCLNeedleParameters: Sendable, BitwiseCopyable {
  public var module: TMCLModuleParameters
  /// Revolutions of the motor for revolutions of the cam, each 1...1000.
  public var gearMotor: Int32
  public var gearCam: Int32
  /// The motor turns left for the cam to go round as it should.
  public var isReversed: Bool
  public var polePairs: Int32
  /// The machine's ceiling: rates the link will command, revolutions of the cam per second; anything else is refused before it
  /// reaches the line, and the module is told not to turn faster either.
  public var maximumRate: Millihertz
  /// The ramp of the cam, up and down, revolutions per second squared.
  public var acceleration: Int32
  /// Most current of the motor.
  public var maximumCurrent: Milliamperes

  /// A motor that turns the cam itself, with the link's usual times; profiles change what differs.
  @_noLocks public init(family: TMCLModuleFamily, lease: Nanoseconds) {
    module = TMCLModuleParameters(family: family, lease: lease)
    module.moduleAddress = 3
    module.replyTimeout = .milliseconds(8)
    gearMotor = 1
    gearCam = 1
    isReversed = false
    polePairs = 4
    maximumRate = .hertz(150)
    acceleration = 1_000
    maximumCurrent = Milliamperes(800)
  }

  /// The first of these numbers that cannot work, `nil` when all can. The link runs only on parameters without a problem.
  public var problem: TMCLParameterProblem? { problem(sharing: 1) }

  /// The same where so many modules speak on the line.
  func problem(sharing modules: Int64) -> TMCLParameterProblem? {
    if !module.family.turnsNeedle { return .family }
    if gearMotor < 1 || gearMotor > 1_000 || gearCam < 1 || gearCam > 1_000 { return .gear }
    if polePairs < 1 || polePairs > 50 { return .polePairs }
    if maximumRate <= .zero { return .rate }
    if acceleration <= 0 { return .acceleration }
    if maximumCurrent.count <= 0 { return .current }
    if let problem = module.problem(sharing: modules) { return problem }
    return TMCLSettings(self).isRepresentable ? nil : .notRepresentable
  }
}

extension NeedleScale {
  /// A module counts the motor's own revolutions.
  @_noLocks init(_ parameters: TMCLNeedleParameters) {
    self.init(
      gearMotor: parameters.gearMotor, gearCam: parameters.gearCam, polePairs: 1,
      isReversed: parameters.isReversed, maximumRate: parameters.maximumRate)
  }
}
