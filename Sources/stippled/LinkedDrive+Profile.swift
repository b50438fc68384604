import DriveLink
import NeedleSafety
import Profiles
import Units

extension TMCLLinkParameters {
  /// The depth axis that a machine profile describes; `nil` where it is no TMCL module, or one without a parameter table.
  init?(_ machine: MachineProfile) {
    let drive = machine.drive
    guard case .stepper(let axis) = drive.depthAxis,
      let family = TMCLModuleFamily.named(axis.module.rawValue)
    else { return nil }
    self.init(family: family, lease: machine.timing.lease)
    module.moduleAddress = axis.moduleAddress
    module.replyAddress = axis.replyAddress
    module.motor = axis.motor
    microstepsPerMillimetre = axis.mechanics.microstepsPerMillimetre
    microstepResolution = axis.mechanics.microstepResolution
    depthAtReference = axis.reference.depth
    depthMaximum = Ceilings.tightest(.absolute, machine.ceilings).depthBench
    maximumSpeed = axis.maximumSpeed.count
    maximumAcceleration = axis.maximumAcceleration.count
    referenceSpeed = axis.reference.speed.count
    referenceSwitchSpeed = axis.reference.switchSpeed.count
    referenceTolerance = axis.reference.tolerance
    maximumCurrent = axis.runCurrent
    standbyCurrent = axis.standbyCurrent
    module.armsHeartbeat = axis.armsHeartbeat
    module.replyTimeout = drive.replyTimeout
    module.pollingPeriod = drive.pollingPeriod
  }
}
