public import Units

/// The filter times and reaction times of the signals table. Each is the design's figure; none is widened anywhere.
public enum SignalTiming {
  /// Emergency-stop channels that differ for longer latch a fault.
  public static var emergencyStopDisagreement: Nanoseconds { @_noLocks get { .milliseconds(200) } }
  /// Safe torque off has to follow its outputs within this, both ways.
  public static var torqueFollow: Nanoseconds { @_noLocks get { .milliseconds(25) } }
  /// Longest pulse of one torque channel in the self-test.
  public static var torquePulse: Nanoseconds { @_noLocks get { .milliseconds(50) } }
  /// How long the feedback is watched for a rise that must not come, with one channel of two on.
  public static var torqueProofHold: Nanoseconds { @_noLocks get { .milliseconds(5) } }
  /// A proof of safe torque off older than this does not count (engineering choice: one working day).
  public static var torqueProofInterval: Nanoseconds { @_noLocks get { .hours(24) } }
  /// A press counts once the contacts have stood still for this; a release counts at once.
  public static var pedalPress: Nanoseconds { @_noLocks get { .milliseconds(20) } }
  /// Pedal contacts that are equal for this long are a fault.
  public static var pedalDisagreement: Nanoseconds { @_noLocks get { .milliseconds(100) } }
  /// A cartridge counts as seated once its switch has stood still for this; removal counts at once.
  public static var cartridgeInsert: Nanoseconds { @_noLocks get { .milliseconds(100) } }
}
