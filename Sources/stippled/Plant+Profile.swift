import DriveLink
import NeedleSafety
import Profiles
import Units
import VirtualHandpiece

extension Plant {
  /// The virtual handpiece and drive that stand in for what a machine profile describes, switched on at `start`.
  init(_ machine: MachineProfile, at start: Instant) {
    let seed = machine.physicsSeed ?? 1
    var parameters = HandpieceParameters()
    if case .rotary(let geometry) = machine.drivetrain {
      parameters = .rotary
      parameters.cam?.stroke = geometry.stroke
      parameters.homeThreshold = geometry.homeTravel
    }
    self.init(
      handpiece: Handpiece(parameters, seed: seed, at: start),
      drive: VirtualDrive(machine.drive, seed: seed, at: start))
  }
}

extension VirtualDrive {
  /// The modules a drive section names, as delivered.
  init(_ drive: DriveProfile, seed: UInt64, at start: Instant) {
    var stepper = TMCLDeviceParameters()
    var perMillimetre: Int32 = 51_200
    if case .stepper(let axis) = drive.depthAxis {
      stepper = TMCLDeviceParameters(family: TMCLModuleFamily.named(axis.module.rawValue) ?? .tmcm1240)
      stepper.moduleAddress = axis.moduleAddress
      stepper.replyAddress = axis.replyAddress
      perMillimetre = axis.mechanics.microstepsPerMillimetre
      // Half a millimetre off its switch, on the side that lets the needle out.
      stepper.physicalPosition = Double(perMillimetre.magnitude) / 2
    }
    var servo: TMCLDevice?
    if let motor = drive.needleMotor, case .tmcl(let module, let address, _, _) = motor.controller {
      var parameters = TMCLDeviceParameters(family: TMCLModuleFamily.named(module.rawValue) ?? .tmcm1617)
      parameters.moduleAddress = address
      parameters.replyAddress = stepper.replyAddress
      servo = TMCLDevice(parameters, at: start, seed: seed ^ 0x7A1E_55ED)
    }
    let gear = drive.needleMotor?.gear
    self.init(
      stepper: TMCLDevice(stepper, at: start, seed: seed ^ 0x5DEE_CE66), servo: servo,
      microstepsPerMillimetre: perMillimetre, gear: MotorGear(motor: gear?.motor ?? 1, cam: gear?.cam ?? 1))
  }
}
