import Units

/// One axis parameter and the value it must have.
public struct TMCLSetting: Equatable, Sendable, BitwiseCopyable {
  public var parameter: UInt8
  public var value: Int32

  @_noLocks public init(_ parameter: UInt8, _ value: Int32) {
    self.parameter = parameter
    self.value = value
  }
}

/// The settings a module must hold before it may move, in the order in which they are written: scales before what they scale.
///
/// Every conversion rounds down, so that no limit in the module is looser than the profile's.
public struct TMCLSettings: Sendable, BitwiseCopyable {
  private var storage: InlineArray<16, TMCLSetting>
  public private(set) var count: Int
  /// No limit rounded to nothing, and every one is within the module's range.
  public private(set) var isRepresentable: Bool

  /// The TMC429's clock: 16 MHz (TMCM-1140 Hardware Manual, revision 1.01, section 8.1, as the two formulas below).
  static var clock: Int64 { @_noLocks get { 16_000_000 } }

  @_noLocks public init(_ parameters: TMCLLinkParameters) {
    storage = InlineArray(repeating: TMCLSetting(0, 0))
    count = 0
    isRepresentable = true
    append(TMCLAxisParameter.microstepResolution, parameters.microstepResolution)
    if parameters.module.family.usesStepsPerSecond {
      appendMotionInSteps(parameters)
    } else {
      appendMotionInControllerUnits(parameters)
    }
    appendLimit(
      TMCLAxisParameter.maximumCurrent, current(parameters.maximumCurrent, of: parameters), atMost: 255)
    append(TMCLAxisParameter.standbyCurrent, Int32(current(parameters.standbyCurrent, of: parameters)))
    append(TMCLAxisParameter.leftSwitchDisable, 0)
    append(TMCLAxisParameter.referenceSearchMode, 1)
  }

  /// The settings of a needle motor: how fast, how suddenly, how strongly, and of how many poles.
  @_noLocks public init(_ parameters: TMCLNeedleParameters) {
    storage = InlineArray(repeating: TMCLSetting(0, 0))
    count = 0
    isRepresentable = true
    let numbers = TMCLServoParameters(parameters.module.family)
    let scale = NeedleScale(parameters)
    // Bounds of sense (engineering choice); a module refuses by itself what is beyond its own.
    let most: Int64 = 200_000
    append(numbers.poles, numbers.countsPolePairs ? parameters.polePairs : parameters.polePairs * 2)
    appendLimit(numbers.maximumCurrent, Int64(parameters.maximumCurrent.count), atMost: 20_000)
    appendLimit(numbers.maximumSpeed, scale.speed(of: parameters.maximumRate), atMost: most)
    // A rate's 1,000 mHz times the figure is a speed's change in a second.
    let perSecond = Millihertz(
      parameters.acceleration > 2_000_000 ? 2_000_000_000 : parameters.acceleration * 1_000)
    appendLimit(numbers.maximumAcceleration, scale.speed(of: perSecond), atMost: 100_000_000)
    append(numbers.usesRamp, 1)
  }

  /// The setting at `index`, 0..<count.
  @_noLocks public subscript(index: Int) -> TMCLSetting { @_noLocks get { storage[index] } }

  @_noLocks private mutating func append(_ parameter: UInt8, _ value: Int32) {
    guard count < 16 else {
      isRepresentable = false
      return
    }
    storage[count] = TMCLSetting(parameter, value)
    count += 1
  }

  /// A limit, which must be at least 1: 0 would mean "never moves" on some parameters and "no limit" on others.
  @_noLocks private mutating func appendLimit(_ parameter: UInt8, _ value: Int64, atMost: Int64) {
    if value < 1 || value > atMost { isRepresentable = false }
    let bounded = value > atMost ? atMost : (value < 0 ? 0 : value)
    append(parameter, Int32(bounded))
  }

  @_noLocks private func current(_ current: Milliamperes, of parameters: TMCLLinkParameters) -> Int64 {
    Int64(current.count) * 255 / Int64(parameters.currentAtFullScale.count)
  }

  /// Microsteps per second (per second) for a figure in µm; at most 2^28, far beyond any module and safe to shift below.
  @_noLocks private func steps(_ micrometres: Int32, of parameters: TMCLLinkParameters) -> Int64 {
    let perMillimetre = Int64(parameters.microstepsPerMillimetre)
    let steps = Int64(micrometres) * (perMillimetre < 0 ? 0 - perMillimetre : perMillimetre) / 1_000
    return steps > 1 &<< 28 ? 1 &<< 28 : steps
  }

  @_noLocks private mutating func appendMotionInSteps(_ parameters: TMCLLinkParameters) {
    // The greatest speed and acceleration modules with a ramp generator of the TMC5160's kind accept.
    let most: Int64 = 7_999_774
    let acceleration = steps(parameters.maximumAcceleration, of: parameters)
    append(TMCLAxisParameter.unitMode, 1)
    appendLimit(TMCLAxisParameter.maximumSpeed, steps(parameters.maximumSpeed, of: parameters), atMost: most)
    appendLimit(TMCLAxisParameter.maximumAcceleration, acceleration, atMost: most)
    appendLimit(TMCLAxisParameter.maximumDeceleration, acceleration, atMost: most)
    appendLimit(
      TMCLAxisParameter.referenceSearchSpeed, steps(parameters.referenceSpeed, of: parameters), atMost: most)
    appendLimit(
      TMCLAxisParameter.referenceSwitchSpeed, steps(parameters.referenceSwitchSpeed, of: parameters),
      atMost: most)
  }

  @_noLocks private mutating func appendMotionInControllerUnits(_ parameters: TMCLLinkParameters) {
    let speed = steps(parameters.maximumSpeed, of: parameters)
    let acceleration = steps(parameters.maximumAcceleration, of: parameters)
    var pulseDivisor: Int64 = 13
    while pulseDivisor > 0 && Self.controllerSpeed(speed, pulseDivisor: pulseDivisor) > 2_047 {
      pulseDivisor -= 1
    }
    var rampDivisor: Int64 = 13
    while rampDivisor > 0
      && Self.controllerAcceleration(acceleration, pulseDivisor: pulseDivisor, rampDivisor: rampDivisor)
        > 2_047
    {
      rampDivisor -= 1
    }
    append(TMCLAxisParameter.pulseDivisor, Int32(pulseDivisor))
    append(TMCLAxisParameter.rampDivisor, Int32(rampDivisor))
    appendLimit(
      TMCLAxisParameter.maximumSpeed, Self.controllerSpeed(speed, pulseDivisor: pulseDivisor), atMost: 2_047)
    appendLimit(
      TMCLAxisParameter.maximumAcceleration,
      Self.controllerAcceleration(acceleration, pulseDivisor: pulseDivisor, rampDivisor: rampDivisor),
      atMost: 2_047)
    let search = steps(parameters.referenceSpeed, of: parameters)
    let switching = steps(parameters.referenceSwitchSpeed, of: parameters)
    appendLimit(
      TMCLAxisParameter.referenceSearchSpeed, Self.controllerSpeed(search, pulseDivisor: pulseDivisor),
      atMost: 2_047)
    appendLimit(
      TMCLAxisParameter.referenceSwitchSpeed, Self.controllerSpeed(switching, pulseDivisor: pulseDivisor),
      atMost: 2_047)
  }

  /// TMC429: microsteps/s = clock × speed / (2^pulse divisor × 2048 × 32).
  @_noLocks static func controllerSpeed(_ stepsPerSecond: Int64, pulseDivisor: Int64) -> Int64 {
    let scaled = stepsPerSecond &<< (pulseDivisor + 16)
    return scaled / clock
  }

  /// TMC429: microsteps/s² = clock² × acceleration / 2^(pulse divisor + ramp divisor + 29).
  @_noLocks
  static func controllerAcceleration(_ stepsPerSecond2: Int64, pulseDivisor: Int64, rampDivisor: Int64)
    -> Int64
  {
    // Divided by the clock before the last shift, so that the product stays within 64 bits; clock = 2^10 × 15,625.
    let perClock = (stepsPerSecond2 &<< (pulseDivisor + rampDivisor + 9)) / 15_625
    return perClock / 15_625
  }
}
