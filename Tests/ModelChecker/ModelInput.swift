import NeedleSafety
import StrokeControl
import Units

/// The alphabet: what may happen between two steps.
enum ModelInput: Hashable, CustomStringConvertible {
  /// The loop wakes at its deadline, 3 ms late, or 150 ms late.
  case deadline, late, stall
  /// A line changes, for good or for a moment that only its edges show.
  case toggle(InputSignal), glitch(InputSignal)
  case pedal(down: Bool)
  case stop
  case order(ModelOrder)
  case outputFails, inputFails
  case linkLost, linkBack

  static let all: [ModelInput] =
    [.deadline, .late, .stall, .pedal(down: true), .pedal(down: false), .stop, .outputFails, .inputFails]
    + [.linkLost, .linkBack] + InputSignal.allCases.map { .toggle($0) }
    + [InputSignal.emergencyStopA, .guardClosed, .cartridgeAbsent, .needleHome, .pedalNormallyOpen].map {
      .glitch($0)
    } + ModelOrder.allCases.map { .order($0) }

  var description: String {
    switch self {
    case .deadline: "the loop wakes in time"
    case .late: "the loop wakes 3 ms late"
    case .stall: "the loop stalls for 150 ms"
    case .toggle(let signal): "\(signal.lineName) changes"
    case .glitch(let signal): "\(signal.lineName) changes for a moment"
    case .pedal(let down): down ? "the pedal goes down" : "the pedal is released"
    case .stop: "stop"
    case .order(let order): "order: \(order)"
    case .outputFails: "a write of outputs fails"
    case .inputFails: "the inputs cannot be read"
    case .linkLost: "the drive falls silent"
    case .linkBack: "the drive answers again"
    }
  }
}

enum ModelOrder: CaseIterable {
  case arm, disarm, selfTest, acknowledge, vouchNothing, vouchAll, dotSettings, continuousSettings, zone
  case recordFailing, session, intent, home
}

/// The two profiles of the model, and what the orders mean.
enum ModelScript {
  static let depth = Micrometres(500)
  static let fireWidth = Nanoseconds.milliseconds(4)
  static let strokesPerDot = 2
  /// From one stroke to the next as planned, and as the rate's ceiling allows: 100 and 150 Hz.
  static let shortestPeriod = Nanoseconds.milliseconds(10)
  static let fastest = Nanoseconds(6_666_667)
  static let tolerance = Nanoseconds.microseconds(200)
  /// 60 % of the period.
  static let dwellCeiling = Nanoseconds.milliseconds(6)
  /// The intent that the order ``ModelOrder/intent`` grants: strokes 1 and 2.
  static let intent: UInt64 = 2

  static let continuous = StrokeSettings(
    mode: .continuous, rate: .hertz(100), depth: depth, dwell: .milliseconds(3), strokesPerDot: 2,
    dotRate: .zero)
  static var dot: StrokeSettings {
    var settings = continuous
    settings.mode = .dot
    return settings
  }

  static let machine = MachineParameters(
    drivetrain: .linear(LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))),
    fireOneShot: .milliseconds(15), retractMaximum: .milliseconds(20), stallMaximum: .milliseconds(100),
    wakeMaximum: .milliseconds(20), armedPeriod: .milliseconds(1), standbyPeriod: .milliseconds(10),
    lease: .milliseconds(100), watchdogWindow: .milliseconds(80),
    tolerance: SensorTolerance(depth: Micrometres(150), time: .microseconds(200)),
    ceilings: .absolute, referenceTimeout: .seconds(10), moveTimeout: .seconds(5),
    waived: [ArmConditions(.calibration), ArmConditions(.fireOneShot), ArmConditions(.realTime)])

  /// The cam of the rotary situations: from 0 to 150 Hz in 30 ms, brought home at 20 Hz.
  static let cam = RotaryGeometry(
    stroke: Micrometres(3_000), homeTravel: Micrometres(350), ramp: .milliseconds(30), rampRate: .hertz(150),
    parkRate: .hertz(20), transitionRevolutions: 6, transitionTime: .milliseconds(100), coastRevolutions: 3)
  /// A tenth above the planned period: the cam has its rate.
  static let steadyPeriod = Nanoseconds.milliseconds(11)
  /// 6.2 ms past the nose, at 0.5 mm of 3 mm 26.8 % of a revolution, of which the needle is 77.9 % away from home.
  static let longestAway = Nanoseconds.microseconds(18_100)
  /// Torque follows in 25 ms; two turns at the park rate; the spin-down's 95 ms; a wake.
  static let longestHoming = Nanoseconds.milliseconds(225)
  static var rotaryMachine: MachineParameters {
    var parameters = machine
    parameters.drivetrain = .rotary(cam)
    parameters.fireOneShot = .zero
    parameters.retractMaximum = .milliseconds(100)
    return parameters
  }

  static func isContinuous(_ controller: Controller) -> Bool {
    controller.modeInForce == .continuous
  }

  static func action(_ order: ModelOrder, isRotary: Bool) -> Command.Action {
    switch order {
    case .arm: .arm
    case .disarm: .disarm
    case .selfTest: .selfTest
    case .acknowledge: .acknowledge(.guardOpened)
    case .vouchNothing: .vouch([])
    case .vouchAll: .vouch(.controlPlane)
    case .dotSettings: .settings(SettingsGrant(version: 2, settings: dot, ceilings: .absolute))
    case .continuousSettings: .settings(SettingsGrant(version: 1, settings: continuous, ceilings: .absolute))
    case .zone: .zone(ZoneGrant(zone: .nape, depthGroup: .shallow, dotsRemaining: isRotary ? 20 : 3))
    case .recordFailing: .recordFailing
    case .session: .session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero))
    case .intent: .durable(through: intent)
    case .home: .home
    }
  }
}
