import DriveLink
import Units

/// The parameters of a virtual module: which exist, what they hold, what they may hold.
struct TMCLParameterStore: Sendable {
  private struct Parameter: Sendable {
    var value: Int32 = 0
    var range: ClosedRange<Int32>
    var isWritable: Bool
  }

  /// By number, 256 of them; in an array because the device that holds four such stores is a value that is copied.
  private var parameters: [Parameter?]

  private init() { parameters = Array(repeating: nil, count: 256) }

  private mutating func declare(
    _ number: UInt8, _ value: Int32, _ range: ClosedRange<Int32>, writable isWritable: Bool = true
  ) {
    parameters[Int(number)] = Parameter(value: value, range: range, isWritable: isWritable)
  }

  func exists(_ number: UInt8) -> Bool { parameters[Int(number)] != nil }
  func isWritable(_ number: UInt8) -> Bool { parameters[Int(number)]?.isWritable ?? false }
  func accepts(_ value: Int32, for number: UInt8) -> Bool {
    parameters[Int(number)]?.range.contains(value) ?? false
  }

  /// The value of a parameter; of one that does not exist 0, and setting it does nothing.
  subscript(number: UInt8) -> Int32 {
    get { parameters[Int(number)]?.value ?? 0 }
    set { parameters[Int(number)]?.value = newValue }
  }

  /// Axis parameters as delivered. Positions, speeds and flags that the axis model answers are declared, not kept here.
  static func axis(of family: TMCLModuleFamily) -> Self {
    if family.turnsNeedle { return servo(of: family) }
    var store = Self()
    let anything = Int32.min...Int32.max
    let speeds: ClosedRange<Int32> = family.usesStepsPerSecond ? 0...7_999_774 : 0...2_047
    store.declare(TMCLAxisParameter.targetPosition, 0, anything)
    store.declare(TMCLAxisParameter.actualPosition, 0, anything)
    store.declare(TMCLAxisParameter.targetSpeed, 0, anything)
    store.declare(TMCLAxisParameter.actualSpeed, 0, anything, writable: false)
    store.declare(TMCLAxisParameter.maximumSpeed, family.usesStepsPerSecond ? 51_200 : 1_000, speeds)
    store.declare(TMCLAxisParameter.maximumAcceleration, family.usesStepsPerSecond ? 51_200 : 1_000, speeds)
    store.declare(TMCLAxisParameter.maximumCurrent, 128, 0...255)
    store.declare(TMCLAxisParameter.standbyCurrent, 8, 0...255)
    store.declare(TMCLAxisParameter.positionReached, 1, 0...1, writable: false)
    store.declare(11, 0, 0...1, writable: false)
    store.declare(12, 1, 0...1)
    store.declare(TMCLAxisParameter.leftSwitchDisable, 1, 0...1)
    store.declare(TMCLAxisParameter.microstepResolution, 8, 0...8)
    store.declare(TMCLAxisParameter.referenceSearchMode, 1, 1...8)
    store.declare(TMCLAxisParameter.referenceSearchSpeed, family.usesStepsPerSecond ? 25_600 : 500, speeds)
    store.declare(TMCLAxisParameter.referenceSwitchSpeed, family.usesStepsPerSecond ? 5_120 : 100, speeds)
    store.declare(206, 0, 0...1_023, writable: false)
    store.declare(207, 0, 0...3, writable: false)
    store.declare(TMCLAxisParameter.driverStatus, 0, 0...255, writable: false)
    if family.usesStepsPerSecond {
      store.declare(TMCLAxisParameter.maximumDeceleration, 51_200, speeds)
      store.declare(TMCLAxisParameter.unitMode, 1, 0...1)
    } else {
      store.declare(TMCLAxisParameter.rampDivisor, 7, 0...13)
      store.declare(TMCLAxisParameter.pulseDivisor, 3, 0...13)
    }
    return store
  }

  /// Axis parameters of a servo module as delivered.
  private static func servo(of family: TMCLModuleFamily) -> Self {
    var store = Self()
    let numbers = TMCLServoParameters(family)
    let speeds: ClosedRange<Int32> = -200_000...200_000
    store.declare(numbers.targetSpeed, 0, speeds)
    store.declare(numbers.actualSpeed, 0, speeds, writable: false)
    store.declare(numbers.maximumSpeed, 4_000, 0...200_000)
    store.declare(numbers.maximumAcceleration, 2_000, 0...100_000_000)
    store.declare(numbers.maximumCurrent, 2_000, 0...20_000)
    store.declare(numbers.usesRamp, 1, 0...1)
    store.declare(numbers.poles, numbers.countsPolePairs ? 1 : 2, 1...100)
    store.declare(numbers.actualCurrent, 0, -20_000...20_000, writable: false)
    store.declare(numbers.statusFlags, 0, Int32.min...Int32.max, writable: false)
    if let temperature = numbers.temperature { store.declare(temperature, 0, -100...200, writable: false) }
    return store
  }

  /// Global parameters of bank 0 as delivered.
  static func global(of parameters: TMCLDeviceParameters) -> Self {
    var store = Self()
    store.declare(65, 7, 0...11)
    store.declare(66, Int32(parameters.moduleAddress), 1...255)
    if parameters.family.hasSerialHeartbeat {
      store.declare(TMCLGlobalParameter.serialHeartbeat, 0, 0...65_535)
    }
    store.declare(75, 0, 0...255)
    store.declare(76, Int32(parameters.replyAddress), 0...255)
    store.declare(77, 0, 0...1)
    store.declare(TMCLGlobalParameter.tickTimer, 0, Int32.min...Int32.max)
    return store
  }
}
