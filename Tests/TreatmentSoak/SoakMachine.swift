import DriveLink
import NeedleSafety
import StrokeControl
public import TreatmentMonitor
import Units
import VirtualHandpiece

/// The machines that are soaked: the shipped loop over either virtual handpiece, with the figures of their profiles.
public enum SoakMachine: String, Sendable {
  case linear, rotary

  /// The cam and its motor: from 0 to 150 Hz in 30 ms.
  private static let cam = RotaryGeometry(
    stroke: Micrometres(3_000), homeTravel: Micrometres(350), ramp: .milliseconds(30), rampRate: .hertz(150),
    parkRate: .hertz(20), transitionRevolutions: 6, transitionTime: .milliseconds(100), coastRevolutions: 10)

  var parameters: MachineParameters {
    let isRotary = self == .rotary
    let travel = LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))
    return MachineParameters(
      drivetrain: isRotary ? .rotary(Self.cam) : .linear(travel),
      fireOneShot: isRotary ? .zero : .milliseconds(15),
      retractMaximum: .milliseconds(isRotary ? 100 : 20), stallMaximum: .milliseconds(100),
      wakeMaximum: .milliseconds(20), armedPeriod: .milliseconds(1), standbyPeriod: .milliseconds(10),
      lease: .milliseconds(100), watchdogWindow: .milliseconds(80),
      tolerance: SensorTolerance(depth: Micrometres(150), time: .microseconds(200)),
      ceilings: .absolute, referenceTimeout: .seconds(10), moveTimeout: .seconds(5),
      waived: [ArmConditions(.calibration), ArmConditions(.fireOneShot), ArmConditions(.realTime)])
  }

  func plant(seed: UInt64, at start: Instant) -> Plant {
    Plant(self == .rotary ? .rotary : HandpieceParameters(), seed: seed, at: start)
  }

  var link: LinkedDrive {
    let lease = parameters.lease
    var depth = TMCLLinkParameters(family: .tmcm1240, lease: lease)
    guard self == .rotary else { return .tmcl(TMCLLink(depth)) }
    depth.module.replyTimeout = .milliseconds(8)
    var needle = TMCLNeedleParameters(family: .tmcm1617, lease: lease)
    needle.acceleration = Self.cam.acceleration
    return .tmclBus(TMCLBus(depth: depth, needle: needle))
  }

  /// What the monitor holds against this machine.
  public var limits: MonitorLimits { self == .rotary ? .rotary : MonitorLimits() }
}
