public import NeedleSafety
public import Units

/// One machine: its board, drive, geometry and limits, as its profile describes it.
public struct MachineProfile: Equatable, Sendable {
  public let name: String
  /// One line for a person.
  public let summary: String
  public let kind: MachineKind
  /// `nil` on a virtual machine only.
  public let gpio: GpioLayout?
  public let drive: DriveProfile
  public let drivetrain: Drivetrain
  /// The board's one-shot on FIRE; zero on a rotary machine, which has none.
  public let fireOneShot: Nanoseconds
  public let timing: Timing
  public let realTime: RealTime
  public let watchdog: Watchdog
  public let tolerance: SensorTolerance
  public let pedal: PedalMode
  /// How old a calibration may be; `nil` where none is required (rig and virtual machines only).
  public let calibrationMaximumAge: Nanoseconds?
  /// The absolute ceilings, tightened by this machine.
  public let ceilings: Ceilings
  /// Seed of the virtual handpiece's physics; `nil` on a board.
  public let physicsSeed: UInt64?

  /// Periods and deadlines of the loop.
  public struct Timing: Equatable, Sendable {
    public let armedPeriod: Nanoseconds
    public let standbyPeriod: Nanoseconds
    public let lease: Nanoseconds
    public let retractMaximum: Nanoseconds
    public let stallMaximum: Nanoseconds
    public let wakeMaximum: Nanoseconds
  }

  /// How the loop's thread is scheduled.
  public struct RealTime: Equatable, Sendable {
    /// SCHED_FIFO priority, 1...98.
    public let priority: Int32
    /// The CPU the loop is bound to, `nil` for any.
    public let cpu: Int32?
    /// The machine may arm without real-time scheduling and locked memory. Never on a board.
    public let acceptsNoRealTime: Bool
  }

  /// What ends motion when the loop falls silent.
  public struct Watchdog: Equatable, Sendable {
    /// Window of the external watchdog behind the `WATCHDOG` line.
    public let window: Nanoseconds
    /// The kernel's watchdog device, `nil` where none is fed.
    public let device: String?
  }

  /// Conditions to arm that do not exist on this machine. On a board at most the one-shot, which a rotary one does not have.
  public var waived: ArmConditions {
    var waived = ArmConditions(rawValue: 0)
    if drivetrain.isRotary { waived.set(.fireOneShot, true) }
    guard !kind.isReal else { return waived }
    if calibrationMaximumAge == nil {
      // The one-shot is proved by a calibration; where there is none, it is the virtual handpiece's own figure.
      waived.set(.calibration, true)
      waived.set(.fireOneShot, true)
    }
    if realTime.acceptsNoRealTime { waived.set(.realTime, true) }
    return waived
  }

  /// The dwell that settings come to on this machine: the one they ask for, or the one that a cam makes of rate and depth.
  public func dwell(of settings: StrokeSettings) -> Nanoseconds {
    guard case .rotary(let geometry) = drivetrain, let period = settings.rate.period else {
      return settings.dwell
    }
    return geometry.dwell(over: period, depth: settings.depth)
  }

  /// What the controller has to know of this machine.
  public var parameters: MachineParameters {
    MachineParameters(
      drivetrain: drivetrain, fireOneShot: fireOneShot, retractMaximum: timing.retractMaximum,
      stallMaximum: timing.stallMaximum, wakeMaximum: timing.wakeMaximum, armedPeriod: timing.armedPeriod,
      standbyPeriod: timing.standbyPeriod, lease: timing.lease, watchdogWindow: watchdog.window,
      tolerance: tolerance, ceilings: ceilings,
      referenceTimeout: drive.referenceTimeout, moveTimeout: drive.moveTimeout, waived: waived,
      wakeSeconds: kind == .virtual ? 1 : 9,
      pedalMode: pedal)
  }
}
