import NeedleSafety
import Units

/// The lifecycle with what each phase carries.
enum Lifecycle: Equatable, Sendable, BitwiseCopyable {
  case booting
  case selfTest(TorqueProof)
  case standby
  /// Torque is on for a service engineer, or to bring a rotary needle home.
  case calibrating(Calibrating)
  case arming(Arming)
  case armed
  case running(Run)
  /// FIRE is low, torque stays until the needle is home or `retract_max` is over.
  case stopping(since: Instant, toFault: Bool)
  case fault

  enum Arming: Equatable, Sendable, BitwiseCopyable {
    /// Both channels are on; the feedback has to follow.
    case raisingTorque(since: Instant)
    /// The depth axis looks for its zero.
    case referencing(since: Instant)
    /// The depth axis goes to the profile's depth.
    case positioning(since: Instant)
  }

  enum Calibrating: Equatable, Sendable, BitwiseCopyable {
    /// Both channels are on; the feedback has to follow. `stays`: a calibration goes on once the needle is home.
    case raisingTorque(since: Instant, stays: Bool)
    /// The cam turns at the park rate until the needle stands at home.
    case turning(since: Instant, stays: Bool)
    /// The depth axis looks for its zero.
    case referencing(since: Instant)
    /// Waits for an order; torque goes by itself when none comes.
    case ready(since: Instant)
    /// The depth axis goes where it was sent.
    case moving(since: Instant)
    /// One measured stroke of a coil is under way.
    case stroking
  }

  var state: LifecycleState {
    @_noLocks get {
      switch self {
      case .booting: .booting
      case .selfTest: .selfTest
      case .standby: .standby
      case .calibrating: .calibrating
      case .arming: .arming
      case .armed: .armed
      case .running: .running
      case .stopping: .stopping
      case .fault: .fault
      }
    }
  }

  /// Torque is on, or may be within this step.
  var hasTorque: Bool {
    @_noLocks get {
      switch self {
      case .selfTest, .calibrating, .arming, .armed, .running, .stopping: true
      case .booting, .standby, .fault: false
      }
    }
  }

  /// The technician means the machine to be ready: interlocks are faults when they open, not mere conditions.
  var isEngaged: Bool {
    @_noLocks get {
      switch self {
      case .calibrating, .arming, .armed, .running, .stopping: true
      case .booting, .selfTest, .standby, .fault: false
      }
    }
  }
}
