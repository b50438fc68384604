/// Where the machine is in its life, as everyone outside the loop sees it.
public enum LifecycleState: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case booting
  case selfTest
  /// Torque off, drive silent.
  case standby
  case calibrating
  /// Torque is on, the depth axis finds its zero and its depth; the needle does not move.
  case arming
  /// Torque on, needle proved home, no needle motion.
  case armed
  /// A press is in force.
  case running
  /// FIRE is low; torque drops when the needle is home, or at the machine's `retract_max`.
  case stopping
  /// Latched: torque off until the cause is gone and a technician acknowledges.
  case fault

  /// The raw value, for comparisons in the loop: a derived `==` is generic in debug builds.
  public var bit: UInt8 { @_noLocks get { rawValue } }

  public var name: String {
    switch self {
    case .booting: "booting"
    case .selfTest: "self_test"
    case .standby: "standby"
    case .calibrating: "calibrating"
    case .arming: "arming"
    case .armed: "armed"
    case .running: "running"
    case .stopping: "stopping"
    case .fault: "fault"
    }
  }
}
