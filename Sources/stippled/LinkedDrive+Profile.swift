import DriveLink
import NeedleSafety
import Profiles
import Units

extension TMCLLinkParameters {
  /// The drive that a machine profile describes; `nil` for a module without a parameter table.
  init?(_ machine: MachineProfile) {
    let drive = machine.drive
    guard let family = TMCLModuleFamily.named(drive.module.rawValue) else { return nil }
    self.init(family: family, lease: machine.timing.lease)
    moduleAddress = drive.moduleAddress
    replyAddress = drive.replyAddress
    motor = drive.motor
    microstepsPerMillimetre = drive.mechanics.microstepsPerMillimetre
    microstepResolution = drive.mechanics.microstepResolution
    depthAtReference = drive.reference.depth
    depthMaximum = Ceilings.tightest(.absolute, machine.ceilings).depthBench
    maximumSpeed = drive.maximumSpeed.count
    maximumAcceleration = drive.maximumAcceleration.count
    referenceSpeed = drive.reference.speed.count
    referenceSwitchSpeed = drive.reference.switchSpeed.count
    referenceTolerance = drive.reference.tolerance
    maximumCurrent = drive.runCurrent
    standbyCurrent = drive.standbyCurrent
    armsHeartbeat = drive.armsHeartbeat
    replyTimeout = drive.replyTimeout
    pollingPeriod = drive.pollingPeriod
  }
}
