public import DriveLink
public import Units

/// What a virtual TMCL module is, before anybody talks to it.
public struct TMCLDeviceParameters: Sendable {
  public var family: TMCLModuleFamily
  public var moduleAddress: UInt8
  public var replyAddress: UInt8
  /// Firmware version it reports.
  public var firmwareMajor: UInt8
  public var firmwareMinor: UInt8
  /// From the last byte of a request to the last byte of its reply: two frames at 115,200 baud take 1.56 ms.
  public var replyDelay: Nanoseconds
  /// A request broken off for this long is forgotten.
  public var telegramPause: Nanoseconds
  /// Silence after power-up or a restart.
  public var bootTime: Nanoseconds
  /// Where the axis stands at power-up, microsteps from the reference switch.
  public var physicalPosition: Double
  /// Temperature a servo module reports, °C.
  public var temperature: Int32

  public init(family: TMCLModuleFamily = .tmcm1240) {
    self.family = family
    moduleAddress = family.turnsNeedle ? 3 : 1
    replyAddress = 2
    firmwareMajor = family == .tmcm1640 ? 2 : 1
    firmwareMinor =
      switch family {
      case .tmcm1140: 27
      case .tmcm1240: 45
      case .tmcm1617: 6
      case .tmcm1640: 11
      }
    replyDelay = .microseconds(1_800)
    telegramPause = .milliseconds(5)
    bootTime = .milliseconds(200)
    physicalPosition = 25_600
    temperature = 31
  }
}
