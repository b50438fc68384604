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
      drive: VirtualDrive(machine, seed: seed, at: start))
  }
}

extension VirtualDrive {
  /// The controllers a machine profile names, as delivered, and set up as it needs them where only their maker's tool can.
  init(_ machine: MachineProfile, seed: UInt64, at start: Instant) {
    let drive = machine.drive
    let gear = MotorGear(motor: drive.needleMotor?.gear.motor ?? 1, cam: drive.needleMotor?.gear.cam ?? 1)
    switch drive.depthAxis {
    case .stepper(let axis):
      self = Self.tmcl(axis, drive.needleMotor, gear, seed: seed, at: start)
    case .servo(let axis):
      self = Self.vesc(axis, machine, gear, seed: seed, at: start)
    }
  }

  private static func tmcl(
    _ axis: DepthStepper, _ motor: NeedleMotor?, _ gear: MotorGear, seed: UInt64, at start: Instant
  ) -> Self {
    var stepper = TMCLDeviceParameters(family: TMCLModuleFamily.named(axis.module.rawValue) ?? .tmcm1240)
    stepper.moduleAddress = axis.moduleAddress
    stepper.replyAddress = axis.replyAddress
    let perMillimetre = axis.mechanics.microstepsPerMillimetre
    // Half a millimetre off its switch, on the side that lets the needle out.
    stepper.physicalPosition = Double(perMillimetre.magnitude) / 2
    var servo: TMCLDevice?
    if let motor, case .tmcl(let module, let address, _, _) = motor.controller {
      var parameters = TMCLDeviceParameters(family: TMCLModuleFamily.named(module.rawValue) ?? .tmcm1617)
      parameters.moduleAddress = address
      parameters.replyAddress = axis.replyAddress
      servo = TMCLDevice(parameters, at: start, seed: seed ^ 0x7A1E_55ED)
    }
    return Self(
      stepper: TMCLDevice(stepper, at: start, seed: seed ^ 0x5DEE_CE66), servo: servo,
      microstepsPerMillimetre: perMillimetre, gear: gear)
  }

  private static func vesc(
    _ axis: DepthServo, _ machine: MachineProfile, _ gear: MotorGear, seed: UInt64, at start: Instant
  ) -> Self {
    let firmware = VESCFirmware.latest
    let timeout = UInt32(clamping: machine.timing.lease.inMilliseconds)
    var depth = VESCUnitParameters(number: axis.controller, turnsNeedle: false, firmware: firmware)
    depth.timeout = timeout
    depth.lead = Double(axis.lead.count)
    depth.depthAtZero = Double(axis.depthAtZero.count)
    depth.isReversed = axis.isReversed
    guard let motor = machine.drive.needleMotor, case .vesc(let number) = motor.controller else {
      return Self(vesc: VESCDevice(near: depth, at: start, seed: seed ^ 0x5DEE_CE66))
    }
    var needle = VESCUnitParameters(number: number, turnsNeedle: true, firmware: firmware)
    needle.timeout = timeout
    needle.polePairs = motor.polePairs
    if case .rotary(let geometry) = machine.drivetrain {
      let electrical = 60 * Double(motor.polePairs) * Double(gear.motor) / Double(gear.cam)
      needle.ramp = Double(geometry.acceleration) * electrical
    }
    return Self(vesc: VESCDevice(near: needle, far: depth, at: start, seed: seed ^ 0x5DEE_CE66), gear: gear)
  }
}
