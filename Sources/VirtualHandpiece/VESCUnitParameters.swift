public import DriveLink
public import Units

/// What one virtual VESC is: the settings that VESC Tool has put into it, and what hangs on its motor.
public struct VESCUnitParameters: Sendable {
  /// Its number on the CAN bus.
  public var number: UInt8
  public var firmware: VESCFirmware
  /// It turns the needle; otherwise it holds the depth axis.
  public var turnsNeedle: Bool
  /// After so long a silence it lets the motor go, ms; 0 = never.
  public var timeout: UInt32
  /// The greatest motor current in its settings, A.
  public var greatestCurrent: Float
  public var polePairs: Int32
  /// The ramp of its speed control, electrical revolutions per minute in a second, and the speed below which it has none.
  public var ramp: Double
  public var lowestRPM: Int32
  /// A brake at its full current slows the motor by so many revolutions per second in a second.
  public var braking: Int32
  /// Depth of one whole turn, µm, and at 0°; the angle falls as the needle comes out where it is reversed.
  public var lead: Double
  public var depthAtZero: Double
  public var isReversed: Bool
  /// Where the axis stands at power-up, degrees, and how fast it turns, degrees per second.
  public var angle: Double
  public var angularSpeed: Double
  /// Of its transistors, tenths of a degree.
  public var temperature: Int16
  /// Silence after power-up or a restart.
  public var bootTime: Nanoseconds

  /// A controller with a time-out of 100 ms.
  public init(number: UInt8, turnsNeedle: Bool, firmware: VESCFirmware) {
    self.number = number
    self.turnsNeedle = turnsNeedle
    self.firmware = firmware
    timeout = 100
    greatestCurrent = 5
    polePairs = 4
    // 1,000 revolutions per second squared of a motor with four pole pairs.
    ramp = 240_000
    lowestRPM = 900
    braking = 2_000
    lead = 3_000
    depthAtZero = -500
    isReversed = false
    angle = 120
    angularSpeed = 600
    temperature = 314
    bootTime = .milliseconds(500)
  }
}
