import DriveLink
import NeedleSafety
import Profiles
import Units

extension LinkedDrive {
  /// The link to the drive that a machine profile describes. Throws what cannot work, and why.
  init(_ machine: MachineProfile) throws(DriveProblem) {
    if let parameters = VESCLinkParameters(machine) {
      if let problem = parameters.problem { throw DriveProblem(problem.explanation) }
      self = .vesc(VESCLink(parameters))
      return
    }
    guard let depth = TMCLLinkParameters(machine) else {
      throw DriveProblem("there is no parameter table for its drive")
    }
    guard let motor = machine.drive.needleMotor else {
      if let problem = depth.problem { throw DriveProblem(problem.explanation) }
      self = .tmcl(TMCLLink(depth))
      return
    }
    guard let needle = TMCLNeedleParameters(motor, machine) else {
      throw DriveProblem("there is no parameter table for its needle motor's module")
    }
    if let problem = TMCLBus.problem(depth: depth, needle: needle) { throw DriveProblem(problem.explanation) }
    self = .tmclBus(TMCLBus(depth: depth, needle: needle))
  }
}

/// A drive section that decodes and still cannot work.
struct DriveProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

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

extension TMCLNeedleParameters {
  /// The needle motor that a machine profile describes; `nil` where it is no TMCL module.
  init?(_ motor: NeedleMotor, _ machine: MachineProfile) {
    guard case .tmcl(let model, let address, let number, let ramp) = motor.controller,
      let family = TMCLModuleFamily.named(model.rawValue),
      case .stepper(let axis) = machine.drive.depthAxis
    else { return nil }
    self.init(family: family, lease: machine.timing.lease)
    module.moduleAddress = address
    module.replyAddress = axis.replyAddress
    module.motor = number
    module.replyTimeout = machine.drive.replyTimeout
    module.pollingPeriod = machine.drive.pollingPeriod
    gearMotor = motor.gear.motor
    gearCam = motor.gear.cam
    isReversed = motor.isReversed
    polePairs = motor.polePairs
    maximumRate = Ceilings.tightest(.absolute, machine.ceilings).strokeRate
    acceleration = ramp.count
    maximumCurrent = motor.maximumCurrent
  }
}

extension VESCLinkParameters {
  /// The VESCs that a machine profile describes; `nil` where it has others.
  init?(_ machine: MachineProfile) {
    let drive = machine.drive
    guard case .servo(let axis) = drive.depthAxis else { return nil }
    let ceilings = Ceilings.tightest(.absolute, machine.ceilings)
    var depth = VESCDepthParameters(controller: axis.controller)
    depth.lead = axis.lead
    depth.isReversed = axis.isReversed
    depth.depthAtZero = axis.depthAtZero
    depth.maximum = ceilings.depthBench
    depth.tolerance = axis.tolerance
    depth.maximumSpeed = axis.maximumSpeed.count
    depth.maximumCurrent = axis.maximumCurrent
    self.init(depth: depth, lease: machine.timing.lease)
    if let motor = drive.needleMotor, case .vesc(let number) = motor.controller {
      var parameters = VESCNeedleParameters(controller: number)
      parameters.gearMotor = motor.gear.motor
      parameters.gearCam = motor.gear.cam
      parameters.isReversed = motor.isReversed
      parameters.polePairs = motor.polePairs
      parameters.maximumRate = ceilings.strokeRate
      parameters.maximumCurrent = motor.maximumCurrent
      needle = parameters
    }
    replyTimeout = drive.replyTimeout
    pollingPeriod = drive.pollingPeriod
  }
}
