/// What to do next, where several refusals share it.
enum Remedies {
  static let sameVersion =
    "stipplectl and stippled may be of different versions: compare stipplectl --version with stipplectl machine show."

  static func joinGroup(_ group: String) -> String {
    "Ask an administrator for the group \(group) (sudo usermod -aG \(group) USER), then log in again."
  }

  static func role(_ role: String) -> String {
    switch role {
    case "technician": joinGroup("stipple-technician")
    case "service": joinGroup("stipple-service")
    default: joinGroup("stipple")
    }
  }

  /// How to get out of a state in which something is refused; nil where waiting is all there is.
  static func leaving(_ state: String) -> String? {
    switch state {
    case "running": "Release the pedal, and disarm if it is still refused (stipplectl disarm)."
    case "armed", "arming": "Disarm first (stipplectl disarm)."
    case "standby": "Arm first (stipplectl arm)."
    case "fault":
      "See what is wrong (stipplectl fault list), remove the cause, then stipplectl fault acknowledge."
    case "booting", "self_test", "stopping", "calibrating": "Wait until it is over, then try again."
    default: nil
    }
  }
}
