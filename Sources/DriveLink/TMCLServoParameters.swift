/// Numbers of the axis parameters (SAP, GAP) of a servo family: they are others in each.
///
/// Source: PyTrinamic 0.2.26, `modules/TMCM1617.py` and `modules/TMCM1640.py`.
public struct TMCLServoParameters: Sendable, BitwiseCopyable {
  /// Speeds, revolutions per minute; an acceleration, revolutions per minute per second; a current, mA.
  public let targetSpeed: UInt8
  public let actualSpeed: UInt8
  public let maximumSpeed: UInt8
  public let maximumAcceleration: UInt8
  public let maximumCurrent: UInt8
  /// 1 = a new speed is reached along the ramp.
  public let usesRamp: UInt8
  /// Poles or pole pairs; see ``countsPolePairs``.
  public let poles: UInt8
  public let countsPolePairs: Bool
  public let actualCurrent: UInt8
  /// Error and state flags; ``errorFlags`` are the ones that make a motor useless.
  public let statusFlags: UInt8
  /// °C; `nil` where the module gives only a reading of its converter.
  public let temperature: UInt8?

  /// Status flags of both families: bit 0 over-current, 1 under-voltage, 2 over-voltage, 3 over-temperature, 5 a fault of
  /// the position sensor.
  public static var errorFlags: Int32 { @_noLocks get { 0b10_1111 } }

  /// The numbers of a family; those of the TMCM-1617 for a family that turns no needle.
  @_noLocks public init(_ family: TMCLModuleFamily) {
    switch family {
    case .tmcm1640:
      targetSpeed = 2
      actualSpeed = 3
      maximumSpeed = 4
      maximumAcceleration = 11
      maximumCurrent = 6
      usesRamp = 146
      poles = 253
      countsPolePairs = false
      actualCurrent = 150
      statusFlags = 156
      temperature = nil
    case .tmcm1617, .tmcm1140, .tmcm1240:
      targetSpeed = 40
      actualSpeed = 42
      maximumSpeed = 43
      maximumAcceleration = 44
      maximumCurrent = 11
      usesRamp = 45
      poles = 10
      countsPolePairs = true
      actualCurrent = 31
      statusFlags = 156
      temperature = 221
    }
  }
}
