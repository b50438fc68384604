import Units

/// What the outstanding question is for, and so what its answer means.
enum VESCQuestion: Sendable, BitwiseCopyable {
  /// Asks who is there; also the fence after a failure: a controller answers in order, so once this is answered nothing older can
  /// still come from it.
  case firmware
  case values
  case app
  case motor
  case limits
  case setLimits
  case verifyLimits
  /// Reads the limits again now and then, and right before the needle is sped up or the depth axis moved: a controller that
  /// restarted has lost them.
  case inspect
  case clearance

  var command: VESCCommand {
    @_noLocks get {
      switch self {
      case .firmware: .firmwareVersion
      case .values: .getValues
      case .app: .getAppConfiguration
      case .motor: .getMotorConfiguration
      case .limits, .verifyLimits, .inspect, .clearance: .getTemporaryLimits
      case .setLimits: .setTemporaryLimits
      }
    }
  }

  /// Settings: hundreds of bytes.
  var isLong: Bool {
    @_noLocks get {
      switch self {
      case .app, .motor: true
      default: false
      }
    }
  }
}

/// How far the link to a controller has come.
enum VESCPhase: Sendable, BitwiseCopyable {
  /// Nothing is asked before `until`; then the controller is asked who it is.
  case waiting(until: Instant)
  case asking(step: Int)
  case supervising
}

/// What a controller was last told to do.
enum VESCSetpoint: Sendable, BitwiseCopyable {
  case none
  /// No current.
  case released
  case brake
  case rate(Millihertz)
  case depth(Micrometres)
}
