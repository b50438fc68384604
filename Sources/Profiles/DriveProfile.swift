public import Units

/// The protocol spoken on the drive's serial line.
public enum DriveProtocol: String, CaseIterable, Sendable {
  /// Trinamic Motion Control Language.
  case tmcl
  /// The packets of the VESC firmware.
  case vesc
}

/// The drive on the serial line, as the machine profile describes it: the depth axis, and on a rotary machine the motor that
/// turns the needle's cam.
public struct DriveProfile: Equatable, Sendable {
  /// Path of the serial port; `nil` on a virtual machine, which makes its own.
  public let port: String?
  /// Bits per second.
  public let baud: Int32
  public let depthAxis: DepthAxisProfile
  /// `nil` on a linear machine.
  public let needleMotor: NeedleMotor?
  /// Longest wait for a reply, and time from one reading of the drive to the next.
  public let replyTimeout: Nanoseconds
  public let pollingPeriod: Nanoseconds
  /// Longest time to find the axis's zero, and to reach a depth.
  public let referenceTimeout: Nanoseconds
  public let moveTimeout: Nanoseconds

  public var `protocol`: DriveProtocol {
    switch depthAxis {
    case .stepper: .tmcl
    case .servo: .vesc
    }
  }
}

/// What moves the depth stop.
public enum DepthAxisProfile: Equatable, Sendable {
  /// A stepper module that speaks TMCL.
  case stepper(DepthStepper)
  /// A VESC in position control.
  case servo(DepthServo)
}
