/// An input line of the board, by the name the machine profile and the wiring page use.
public enum InputSignal: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case emergencyStopA, emergencyStopB, torqueFeedback, pedalNormallyOpen, pedalNormallyClosed
  case cartridgeAbsent, guardClosed, needleHome, needleBottom, driveFaultAbsent

  /// The line's name in the design's signal table.
  public var lineName: String {
    switch self {
    case .emergencyStopA: "ESTOP_A"
    case .emergencyStopB: "ESTOP_B"
    case .torqueFeedback: "STO_FB"
    case .pedalNormallyOpen: "PEDAL_NO"
    case .pedalNormallyClosed: "PEDAL_NC"
    case .cartridgeAbsent: "CARTRIDGE_N"
    case .guardClosed: "GUARD"
    case .needleHome: "NEEDLE_HOME"
    case .needleBottom: "NEEDLE_BOTTOM"
    case .driveFaultAbsent: "DRIVE_FAULT_N"
    }
  }

  /// This signal's place in ``InputLevels``.
  public var bit: UInt32 { @_noLocks get { 1 &<< UInt32(rawValue) } }
}

/// An output line of the board.
public enum OutputSignal: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  // In the order in which they are written low: FIRE first. Some chips set lines one by one (bcm2711).
  case fire, torqueEnableA, torqueEnableB, watchdog, ledRed, ledYellow, ledCyan, beeper

  public var lineName: String {
    switch self {
    case .fire: "FIRE"
    case .torqueEnableA: "STO_EN_A"
    case .torqueEnableB: "STO_EN_B"
    case .watchdog: "WATCHDOG"
    case .ledRed: "LED_RED"
    case .ledYellow: "LED_YELLOW"
    case .ledCyan: "LED_CYAN"
    case .beeper: "BEEPER"
    }
  }

  /// This signal's place in ``OutputLevels``.
  public var bit: UInt32 { @_noLocks get { 1 &<< UInt32(rawValue) } }
}

/// The electrical levels of all inputs at one time, one bit per ``InputSignal``; 1 = high.
public struct InputLevels: Hashable, Sendable, BitwiseCopyable {
  public var bits: UInt32

  @_noLocks @inlinable public init(bits: UInt32) { self.bits = bits }

  @_noLocks public func isHigh(_ signal: InputSignal) -> Bool { bits & signal.bit != 0 }

  @_noLocks public mutating func set(_ signal: InputSignal, high: Bool) {
    bits = high ? bits | signal.bit : bits & ~signal.bit
  }

  /// The signals that are interlocks, one bit each.
  public static var interlocks: UInt32 {
    @_noLocks get {
      InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit | InputSignal.cartridgeAbsent.bit
        | InputSignal.guardClosed.bit | InputSignal.driveFaultAbsent.bit
    }
  }

  /// A machine at rest and healthy: loops closed, pedal released, cartridge seated, needle home.
  public static var atRest: InputLevels {
    @_noLocks get {
      InputLevels(
        bits: InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit
          | InputSignal.pedalNormallyClosed.bit | InputSignal.guardClosed.bit | InputSignal.needleHome.bit
          | InputSignal.driveFaultAbsent.bit)
    }
  }
}

/// The electrical levels of all outputs, one bit per ``OutputSignal``; 1 = high.
public struct OutputLevels: Hashable, Sendable, BitwiseCopyable {
  public var bits: UInt32

  @_noLocks @inlinable public init(bits: UInt32) { self.bits = bits }

  @_noLocks public func isHigh(_ signal: OutputSignal) -> Bool { bits & signal.bit != 0 }

  @_noLocks public mutating func set(_ signal: OutputSignal, high: Bool) {
    bits = high ? bits | signal.bit : bits & ~signal.bit
  }

  /// The safe state of every output: low. FIRE low does not extend, STO low takes torque away.
  public static var safe: OutputLevels { @_noLocks get { OutputLevels(bits: 0) } }
}
