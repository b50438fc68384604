import NeedleSafety
import Units

/// What a machine profile describes: hardware with a needle, or a stand-in for it.
public enum MachineKind: String, CaseIterable, Sendable {
  /// A controller board wired to a handpiece. Nothing is waived.
  case board
  /// Simulated GPIO lines of a real kernel, with a virtual handpiece behind them.
  case rig
  /// A handpiece inside the daemon's own process.
  case virtual

  /// Whether a needle can reach anyone.
  var isReal: Bool { self == .board }
}

/// The bounds of a machine profile's own figures that are no ceilings of a stroke, from the limits table.
struct MachineLimits {
  let stallMaximum: Nanoseconds
  let wakeMaximum: Nanoseconds
  let timeTolerance: Nanoseconds
  /// A needle can reach someone: what is unusual is worth a warning.
  let isReal: Bool
  /// What already holds: the composed ceilings and the lease of the machine being read.
  var ceilings: Ceilings
  var lease: Nanoseconds

  /// Later wakes end a run: 10 ms on real boards, 100 ms on virtual and rig machines. Wake-up jitter to arm: 1 ms and 20 ms.
  /// An edge's time is known to 0.2 ms at worst on a board (interrupt latency); a stand-in shares its host's scheduler.
  init(_ kind: MachineKind) {
    stallMaximum = .milliseconds(kind.isReal ? 10 : 100)
    wakeMaximum = .milliseconds(kind.isReal ? 1 : 20)
    timeTolerance = .microseconds(kind.isReal ? 200 : 2_000)
    isReal = kind.isReal
    ceilings = .absolute
    lease = Ceilings.absolute.lease
  }

  /// Longest FIRE one-shot, and longest time from a stop to torque off, of a linear drive.
  static let fireOneShot = Nanoseconds.milliseconds(15)
  static let retractMaximum = Nanoseconds.milliseconds(20)
  /// Longest time from a stop to torque off of a rotary drive; a spin-up or spin-down may take no longer.
  static let retractMaximumRotary = Nanoseconds.milliseconds(100)
  /// Cams of rotary tattoo and permanent make-up machines have 2 to 5 mm of stroke (makers' data sheets), with room around it.
  static let camStroke = Micrometres(1_000)...Micrometres(10_000)
  /// From a stand to the stroke rate ceiling. Engineering choice.
  static let ramp = Nanoseconds.milliseconds(1)...Nanoseconds.milliseconds(1_000)
  /// Most revolutions of a spin-up or spin-down, and of a coast. Engineering choice.
  static let transitionRevolutions: Int64 = 10
  static let coastRevolutions: Int64 = 50
  /// Longest control period while armed, and in standby.
  static let armedPeriod = Nanoseconds.milliseconds(1)
  static let standbyPeriod = Nanoseconds.milliseconds(10)
  /// Shortest control period: a tenth of the usual one; shorter ones only burn a core.
  static let shortestPeriod = Nanoseconds.microseconds(100)
  /// ±0.15 mm (FDA K182407).
  static let depthTolerance = Micrometres(150)
  /// Window of the external watchdog behind the `WATCHDOG` line.
  static let watchdogWindow = Nanoseconds.milliseconds(50)...Nanoseconds.milliseconds(100)
  /// Oldest calibration any machine may run on.
  static let calibrationAge = Nanoseconds.hours(24 * 365)
}
