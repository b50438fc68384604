public import Units

/// A module that turns the needle's cam, by the name its maker gives it.
public enum NeedleModule: String, CaseIterable, Sendable {
  case tmcm1617 = "TMCM-1617"
  case tmcm1640 = "TMCM-1640"
}

/// The motor of a rotary machine that turns the needle's cam, one stroke per revolution.
public struct NeedleMotor: Equatable, Sendable {
  public let controller: Controller
  /// Pairs of magnetic poles of the motor, 1...50.
  public let polePairs: Int32
  public let gear: Gear
  /// The motor turns left for the needle to go round as it should.
  public let isReversed: Bool
  /// Most current of the motor, also while it speeds up.
  public let maximumCurrent: Milliamperes

  /// What drives the motor.
  public enum Controller: Equatable, Sendable {
    /// A TMCL module on the same line as the depth axis, its address and axis, and the cam's ramp that is set in it. A VESC's
    /// ramp is one of its own settings.
    case tmcl(NeedleModule, address: UInt8, motor: UInt8, acceleration: HertzPerSecond)
    /// The VESC at the serial port, by its number on the CAN bus.
    case vesc(UInt8)
  }

  /// Revolutions of the motor for revolutions of the cam, as `3:1`; each 1...1000.
  public struct Gear: Equatable, Sendable, CustomStringConvertible {
    public let motor: Int32
    public let cam: Int32

    public init(motor: Int32, cam: Int32) {
      self.motor = motor
      self.cam = cam
    }

    public var description: String { "\(motor):\(cam)" }
  }
}
