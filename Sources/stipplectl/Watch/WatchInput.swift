import ControlInterface

/// What the full screen reacts to.
enum WatchInput: Sendable {
  case machine(Device.Machine)
  case status(Device.Status)
  /// The daemon answered.
  case heard
  case lost(String)
  case notice(String, isAlarm: Bool)
  /// Time to look at the clock and at the size of the screen.
  case tick
  case leave
}
