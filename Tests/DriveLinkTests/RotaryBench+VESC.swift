import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

extension RotaryBench {
  /// The needle's VESC is number 10, at the port; the depth axis's is number 11, behind it.
  static func vesc(
    seed: UInt64 = 1, version: (UInt8, UInt8) = (6, 0),
    change: (inout VESCLinkParameters) -> Void = { _ in },
    device changeDevice: (inout VESCUnitParameters) -> Void = { _ in }
  ) throws -> Self {
    let firmware = try #require(VESCFirmware.version(version.0, version.1))
    var parameters = VESCLinkParameters(
      depth: VESCDepthParameters(controller: 11), needle: VESCNeedleParameters(controller: 10),
      lease: .milliseconds(100))
    change(&parameters)
    var needle = VESCUnitParameters(number: 10, turnsNeedle: true, firmware: firmware)
    changeDevice(&needle)
    let depth = VESCUnitParameters(number: 11, turnsNeedle: false, firmware: firmware)
    let gear = parameters.needle.map { MotorGear(motor: $0.gearMotor, cam: $0.gearCam) }
    return Self(
      link: .vesc(VESCLink(parameters)),
      drive: VirtualDrive(
        vesc: VESCDevice(near: needle, far: depth, at: .boot, seed: seed), gear: gear ?? MotorGear()))
  }

  /// A linear machine: the only VESC, number 11, holds the depth axis.
  static func linearVESC(seed: UInt64 = 1) throws -> Self {
    let firmware = try #require(VESCFirmware.version(6, 0))
    let parameters = VESCLinkParameters(
      depth: VESCDepthParameters(controller: 11), lease: .milliseconds(100))
    let depth = VESCUnitParameters(number: 11, turnsNeedle: false, firmware: firmware)
    return Self(
      link: .vesc(VESCLink(parameters)),
      drive: VirtualDrive(vesc: VESCDevice(near: depth, at: .boot, seed: seed)))
  }

  /// The payloads sent since ``forget()`` to the controller at the port, or to the one behind it.
  func payloads(forwarded: Bool = false) -> [(at: Instant, bytes: [UInt8])] {
    sent.compactMap { entry in
      let inner = Array(entry.bytes.dropFirst(2).dropLast(3))
      guard (inner.first == 34) == forwarded else { return nil }
      return (entry.at, forwarded ? Array(inner.dropFirst(2)) : inner)
    }
  }
}
