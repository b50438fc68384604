public import Units

/// What the controller has to know of the machine it runs on: the machine profile as plain numbers, fixed for the life of
/// the process.
public struct MachineParameters: Equatable, Sendable, BitwiseCopyable {
  public var drivetrain: Drivetrain
  /// The board's one-shot on FIRE: the longest it can hold the needle out, whatever software does. Zero on a rotary machine,
  /// which has none.
  public var fireOneShot: Nanoseconds
  /// Longest time from a stop to torque off while the needle comes home.
  public var retractMaximum: Nanoseconds
  /// One wake later than this ends the run.
  public var stallMaximum: Nanoseconds
  /// 99.9 % of wakes have to be at most this late to arm.
  public var wakeMaximum: Nanoseconds
  /// Control period while armed, and in standby.
  public var armedPeriod: Nanoseconds
  public var standbyPeriod: Nanoseconds
  /// How long a permission to move lasts without renewal.
  public var lease: Nanoseconds
  /// An external watchdog that is not fed for this long has taken torque away.
  public var watchdogWindow: Nanoseconds
  public var tolerance: SensorTolerance
  public var pedalMode: PedalMode
  /// Absolute ceilings tightened by the machine's own.
  public var ceilings: Ceilings
  /// Longest time the depth axis may take to find its zero, and to reach a depth.
  public var referenceTimeout: Nanoseconds
  public var moveTimeout: Nanoseconds
  /// Conditions that do not exist on this machine: a virtual one needs no calibration and no real-time privileges.
  public var waived: ArmConditions
  /// How many seconds back wakes are judged before arming, 1...9: 9 and the one under way on a board, 1 on a virtual machine, whose
  /// host has other things to do.
  public var wakeSeconds: Int32

  @_noLocks
  public init(
    drivetrain: Drivetrain, fireOneShot: Nanoseconds, retractMaximum: Nanoseconds,
    stallMaximum: Nanoseconds,
    wakeMaximum: Nanoseconds, armedPeriod: Nanoseconds, standbyPeriod: Nanoseconds, lease: Nanoseconds,
    watchdogWindow: Nanoseconds, tolerance: SensorTolerance, ceilings: Ceilings,
    referenceTimeout: Nanoseconds, moveTimeout: Nanoseconds,
    waived: ArmConditions, wakeSeconds: Int32 = 9,
    pedalMode: PedalMode = .momentary
  ) {
    self.drivetrain = drivetrain
    self.fireOneShot = fireOneShot
    self.retractMaximum = retractMaximum
    self.stallMaximum = stallMaximum
    self.wakeMaximum = wakeMaximum
    self.armedPeriod = armedPeriod
    self.standbyPeriod = standbyPeriod
    self.lease = lease
    self.watchdogWindow = watchdogWindow
    self.tolerance = tolerance
    self.ceilings = ceilings
    self.referenceTimeout = referenceTimeout
    self.moveTimeout = moveTimeout
    self.waived = waived
    self.wakeSeconds = wakeSeconds
    self.pedalMode = pedalMode
  }
}
