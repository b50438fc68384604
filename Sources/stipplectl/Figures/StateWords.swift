import ControlInterface

extension Device.State {
  var words: String { Words.of(rawValue) }

  /// What the state means to the one with the pedal.
  var meaning: String {
    switch self {
    case .booting: "the daemon is starting"
    case .selfTest: "inputs and outputs are being tested"
    case .standby: "torque off"
    case .calibrating: "a service engineer is calibrating"
    case .arming: "the depth axis is moving, the needle is not"
    case .armed: "the pedal moves the needle"
    case .running: "strokes are being made"
    case .stopping: "no new stroke; torque goes once the needle is home"
    case .fault: "torque off: remove the cause, then acknowledge"
    }
  }

  var colour: Paint.Colour {
    switch self {
    case .booting, .selfTest, .standby, .calibrating: .cyan
    case .arming, .armed, .stopping: .yellow
    case .running: .green
    case .fault: .red
    }
  }
}

extension Device.Needle {
  /// What is not proved home is treated as out, and said so.
  var words: String {
    switch self {
    case .home: "home"
    case .out: "out"
    case .unproved: "not proved home: treat it as out"
    }
  }
}

extension Device.Priority {
  var colour: Paint.Colour {
    switch self {
    case .high: .red
    case .medium: .yellow
    case .low: .cyan
    }
  }
}
