/// What has to be true to arm. A refusal names every unmet one, not just the first.
public enum ArmCondition: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  // What the loop knows by itself.
  case noFault
  case selfTest
  case torqueProof
  case emergencyStopClosed
  case guardClosed
  case cartridgePresent
  case pedalReleased
  case needleHome
  case driveLink
  case driveLimits
  case lossOfLink
  case wakeLatency
  // What the control plane vouches for.
  case fireOneShot
  case calibration
  case session
  case zone
  case profile
  case cartridge
  case pigment
  case recordWritable
  case clock
  case realTime

  /// This condition's place in a set.
  public var bit: UInt32 { @_noLocks get { 1 &<< UInt32(rawValue) } }

  /// The name on the socket, stable for programs.
  public var name: String {
    switch self {
    case .noFault: "no_fault"
    case .selfTest: "self_test"
    case .torqueProof: "torque_proof"
    case .emergencyStopClosed: "emergency_stop_closed"
    case .guardClosed: "guard_closed"
    case .cartridgePresent: "cartridge_present"
    case .pedalReleased: "pedal_released"
    case .needleHome: "needle_home"
    case .driveLink: "drive_link"
    case .driveLimits: "drive_limits"
    case .lossOfLink: "loss_of_link"
    case .wakeLatency: "wake_latency"
    case .fireOneShot: "fire_one_shot"
    case .calibration: "calibration"
    case .session: "session"
    case .zone: "zone"
    case .profile: "profile"
    case .cartridge: "cartridge"
    case .pigment: "pigment"
    case .recordWritable: "record_writable"
    case .clock: "clock"
    case .realTime: "real_time"
    }
  }

  /// What a technician does about it.
  public var remedy: String {
    switch self {
    case .noFault: "a fault is latched: remove its cause, then acknowledge it (stipplectl fault list)"
    case .selfTest: "the self-test has not passed since start: run it (stipplectl selftest)"
    case .torqueProof: "safe torque off was not proved in time: run the self-test (stipplectl selftest)"
    case .emergencyStopClosed: "the emergency stop is pressed: release it"
    case .guardClosed: "the guard is open: close it"
    case .cartridgePresent: "no cartridge is seated: fit one"
    case .pedalReleased: "the pedal is down: release it"
    case .needleHome: "the needle is not proved home: check the handpiece"
    case .driveLink: "the drive does not answer: check its cable and supply (stipplectl status)"
    case .driveLimits:
      "the drive's limits do not read back as set: check the machine profile against the drive"
    case .lossOfLink: "neither the drive's loss-of-link action nor the watchdog path is verified"
    case .wakeLatency: "the loop wakes too late on this host: see stipplectl doctor"
    case .fireOneShot: "the FIRE one-shot is not verified: calibrate the machine"
    case .calibration: "the calibration is missing or too old: calibrate the machine"
    case .session:
      "no session is open: open one (stipplectl session open) or resume the interrupted one (stipplectl session resume)"
    case .zone: "no zone with an area is set: set it (stipplectl session zone)"
    case .profile: "no confirmed needle profile is in use: choose one (stipplectl profile use)"
    case .cartridge: "no usable cartridge is registered: register it (stipplectl session cartridge)"
    case .pigment: "no usable pigment is registered: register it (stipplectl session pigment)"
    case .recordWritable: "the session record or the catalog cannot be written: check the disk"
    case .clock: "the clock is behind the newest record: confirm the date"
    case .realTime: "the process did not get real-time scheduling or locked memory: see stipplectl doctor"
    }
  }
}

/// A set of arm conditions; one bit each.
public struct ArmConditions: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public var rawValue: UInt32
  @_noLocks @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  @_noLocks @inlinable public init(_ condition: ArmCondition) {
    rawValue = condition.bit
  }

  /// Every condition there is.
  public static var all: ArmConditions {
    @_noLocks get { ArmConditions(rawValue: (1 &<< 22) - 1) }
  }

  /// The conditions for which the control plane answers.
  public static var controlPlane: ArmConditions {
    @_noLocks get { ArmConditions(rawValue: 0b11_1111_1111 &<< 12) }
  }

  @_noLocks public func has(_ condition: ArmCondition) -> Bool {
    rawValue & condition.bit != 0
  }

  @_noLocks public mutating func set(_ condition: ArmCondition, _ met: Bool) {
    let bit = condition.bit
    rawValue = met ? rawValue | bit : rawValue & ~bit
  }

  /// The conditions in the set, in declaration order.
  public var list: [ArmCondition] { ArmCondition.allCases.filter { has($0) } }
}
