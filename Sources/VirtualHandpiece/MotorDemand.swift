public import Units

/// What the drive's needle motor does to the cam of a rotary handpiece from now on.
public enum MotorDemand: Equatable, Sendable, BitwiseCopyable {
  /// No current: the cam coasts until friction stops it.
  case free
  /// Velocity control: towards `rate` (revolutions of the cam per second, 0 Hz or more) at `acceleration`, in revolutions per
  /// second squared, 1 or more; at 0 Hz the motor holds the cam where it stands.
  case run(rate: Millihertz, acceleration: Int32)
}
