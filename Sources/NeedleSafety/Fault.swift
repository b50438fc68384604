public import Units

/// How urgent a fault is, after IEC 60601-1-8: it chooses light and sound, and the role that may acknowledge it.
public enum FaultPriority: UInt8, Comparable, Sendable, BitwiseCopyable {
  case low, medium, high

  public var name: String {
    switch self {
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    }
  }

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Everything that latches. A fault clears only when its cause is gone and a technician acknowledges it.
public enum FaultCode: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// An emergency-stop channel opened while torque was on.
  case emergencyStop
  /// The emergency-stop channels differed for more than 200 ms.
  case emergencyStopDisagreement
  case guardOpened
  case cartridgeRemoved
  /// The pedal's contacts were equal for 100 ms or more.
  case pedalDisagreement
  case pedalDownAtPowerUp
  /// Safe torque off did not follow its outputs within 25 ms.
  case torqueFeedback
  /// The drive's own fault line is active.
  case driveFault
  /// The drive stopped answering, lost its settings, or answers nonsense.
  case driveLink
  /// The needle did not leave home, reach the bottom or come home in time.
  case needleStalled
  /// The needle is out, or nothing proves it home, when it has to be home.
  case needleUnproved
  case strokeRateExceeded
  case depthExceeded
  case dwellExceeded
  /// The depth axis is not where it was commanded to be.
  case depthDeviation
  /// A stroke's plan would have broken the envelope; it was not fired.
  case planRefused
  case outputWrite
  /// GPIO edges were lost, so levels cannot be trusted.
  case inputLost
  /// The loop woke too late, once by more than `stall_max` or three times in a row.
  case loopStalled
  case currentExceeded
  case motorHot
  /// A self-test step did not give the answer a sound machine gives.
  case selfTest
  /// The drive's axis was already moving when it was first spoken to.
  case driveMoving
  /// A rotary machine's spin-up or spin-down took more revolutions, or more time, than the machine profile allows.
  case spinTransition

  /// This code's place in a set of faults.
  public var bit: UInt32 { @_noLocks get { 1 &<< UInt32(rawValue) } }

  /// The faults of high priority: the needle may be out of control, or a protection is lost.
  static var highBits: UInt32 {
    @_noLocks get {
      Self.emergencyStop.bit | Self.emergencyStopDisagreement.bit | Self.torqueFeedback.bit
        | Self.needleStalled.bit | Self.needleUnproved.bit | Self.strokeRateExceeded.bit
        | Self.depthExceeded.bit | Self.dwellExceeded.bit | Self.outputWrite.bit
        | Self.spinTransition.bit
    }
  }

  /// The faults of low priority: nothing is wrong with the machine. All others are medium.
  static var lowBits: UInt32 { @_noLocks get { Self.cartridgeRemoved.bit } }

  static var mediumBits: UInt32 { @_noLocks get { ~(highBits | lowBits) } }

  /// Torque goes at once, wherever the needle is: a protection is open or nothing can be trusted to retract first.
  public var dropsTorqueAtOnce: Bool {
    @_noLocks get {
      let codes =
        Self.emergencyStop.bit | Self.emergencyStopDisagreement.bit | Self.torqueFeedback.bit
        | Self.driveFault.bit | Self.outputWrite.bit | Self.inputLost.bit | Self.loopStalled.bit
      return bit & codes != 0
    }
  }

  public var priority: FaultPriority {
    @_noLocks get {
      if bit & Self.highBits != 0 { return .high }
      return bit & Self.lowBits != 0 ? .low : .medium
    }
  }

  /// The name on the socket, in records and in `hazards.yaml`.
  public var name: String {
    switch self {
    case .emergencyStop: "emergency_stop"
    case .emergencyStopDisagreement: "emergency_stop_disagreement"
    case .guardOpened: "guard_opened"
    case .cartridgeRemoved: "cartridge_removed"
    case .pedalDisagreement: "pedal_disagreement"
    case .pedalDownAtPowerUp: "pedal_down_at_power_up"
    case .torqueFeedback: "torque_feedback"
    case .driveFault: "drive_fault"
    case .driveLink: "drive_link"
    case .needleStalled: "needle_stalled"
    case .needleUnproved: "needle_unproved"
    case .strokeRateExceeded: "stroke_rate_exceeded"
    case .depthExceeded: "depth_exceeded"
    case .dwellExceeded: "dwell_exceeded"
    case .depthDeviation: "depth_deviation"
    case .planRefused: "plan_refused"
    case .outputWrite: "output_write"
    case .inputLost: "input_lost"
    case .loopStalled: "loop_stalled"
    case .currentExceeded: "current_exceeded"
    case .motorHot: "motor_hot"
    case .selfTest: "self_test"
    case .driveMoving: "drive_moving"
    case .spinTransition: "spin_transition_exceeded"
    }
  }
}

/// The evidence of one latched fault.
public struct Fault: Equatable, Sendable, BitwiseCopyable {
  public var code: FaultCode
  /// When its cause was first seen.
  public var firstSeen: Instant
  /// The input lines that show it, as they stood then (bits of the controller's input levels).
  public var inputs: UInt32
  /// The figure that broke a limit, in the limit's own unit (ns, µm, mA, 0.1 °C); 0 where there is none. Of `drive_link` it is the
  /// number of the drive's trouble, and `limit` that trouble's figure.
  public var value: Int64
  /// The limit it broke, in the same unit.
  public var limit: Int64

  @_noLocks public init(code: FaultCode, firstSeen: Instant, inputs: UInt32, value: Int64, limit: Int64) {
    self.code = code
    self.firstSeen = firstSeen
    self.inputs = inputs
    self.value = value
    self.limit = limit
  }
}
