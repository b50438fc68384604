import DriveLink
import StrokeControl
import Units
import VirtualHandpiece

extension RotaryBench {
  /// A stepper at address 1 and a servo at address 3.
  static func tmcl(
    family: TMCLModuleFamily = .tmcm1617, seed: UInt64 = 1,
    change: (inout TMCLNeedleParameters) -> Void = { _ in }
  ) -> Self {
    var depth = TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100))
    depth.module.replyTimeout = .milliseconds(8)
    var needle = TMCLNeedleParameters(family: family, lease: .milliseconds(100))
    change(&needle)
    return Self(
      link: .tmclBus(TMCLBus(depth: depth, needle: needle)),
      drive: VirtualDrive(
        stepper: TMCLDevice(at: .boot, seed: seed),
        servo: TMCLDevice(TMCLDeviceParameters(family: family), at: .boot, seed: seed &+ 1),
        gear: MotorGear(motor: needle.gearMotor, cam: needle.gearCam)))
  }

  var bus: TMCLBus { link.tmcl }

  /// The requests sent since ``forget()`` to one module.
  func requests(to address: UInt8) -> [(at: Instant, request: TMCLRequest)] {
    sent.compactMap { entry in
      var frame = TMCLFrame()
      for index in 0..<min(9, entry.bytes.count) { frame[index] = entry.bytes[index] }
      guard let request = TMCLRequest(frame), request.address == address else { return nil }
      return (entry.at, request)
    }
  }
}
