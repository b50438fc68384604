public import Units

/// A depth axis on a VESC: less than one turn, whose angle an absolute encoder knows.
public struct DepthServo: Equatable, Sendable {
  /// The controller's number on the CAN bus, 0...253. On a linear machine it is the one at the serial port; on a rotary machine
  /// the needle motor's controller is, and passes packets on.
  public let controller: UInt8
  /// How far the needle comes out in one whole turn (360°).
  public let lead: Micrometres
  /// The angle falls as the needle comes out.
  public let isReversed: Bool
  /// Depth at an angle of 0°, and how near to where it was sent the axis has to stand.
  public let depthAtZero: Micrometres
  public let tolerance: Micrometres
  /// Fastest the depth stop can travel: a reading beyond it is read again before it is believed.
  public let maximumSpeed: MicrometresPerSecond
  /// Most current of the motor.
  public let maximumCurrent: Milliamperes
}
