public import Units

/// The module on the serial line, by the name its maker gives it: parameters have other numbers and units from module to
/// module, and `DriveLink` holds the tables.
public enum DriveModule: String, CaseIterable, Sendable {
  case tmcm1140 = "TMCM-1140"
  case tmcm1240 = "TMCM-1240"
}

/// A depth axis on a stepper module: a lead screw that finds its zero on a switch.
public struct DepthStepper: Equatable, Sendable {
  public let module: DriveModule
  /// Address the module answers to, and the one it puts on its replies; 1...255, never equal.
  public let moduleAddress: UInt8
  public let replyAddress: UInt8
  /// Number of the axis on the module, 0...5.
  public let motor: UInt8
  public let mechanics: Mechanics
  public let reference: Reference
  /// Fastest the depth stop may travel, and how fast it may get there.
  public let maximumSpeed: MicrometresPerSecond
  public let maximumAcceleration: MicrometresPerSecondSquared
  /// Current of the motor while the axis moves, and while it stands.
  public let runCurrent: Milliamperes
  public let standbyCurrent: Milliamperes
  /// The module's own loss-of-link time-out is armed, at the machine's lease. Where it is not, the machine arms only with the
  /// watchdog path verified.
  public let armsHeartbeat: Bool

  /// What turns microsteps into depth.
  public struct Mechanics: Equatable, Sendable {
    /// Full steps of the motor per revolution, and microsteps per full step (a power of two, 1...256).
    public let stepsPerRevolution: Int32
    public let microstepsPerStep: Int32
    /// Advance of the lead screw per revolution.
    public let lead: Micrometres

    /// Microsteps for one millimetre of depth; whole, since a lead that does not give a whole number is refused.
    public var microstepsPerMillimetre: Int32 {
      Int32(clamping: Int64(stepsPerRevolution) * Int64(microstepsPerStep) * 1_000 / Int64(lead.count))
    }

    /// The module's parameter for the microsteps: their power of two, 0...8.
    public var microstepResolution: Int32 { Int32(microstepsPerStep.trailingZeroBitCount) }
  }

  /// How the axis finds its zero.
  public struct Reference: Equatable, Sendable {
    /// Depth at which the axis stands when it is on its switch.
    public let depth: Micrometres
    /// Speeds towards the switch and off it again.
    public let speed: MicrometresPerSecond
    public let switchSpeed: MicrometresPerSecond
    /// After a finished search the axis has to stand this near to the switch.
    public let tolerance: Micrometres
  }
}
