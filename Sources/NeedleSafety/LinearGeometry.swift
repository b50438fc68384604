public import Units

/// How long the needle of a linear drive is on its way, from the machine profile (measured in calibration).
public struct LinearGeometry: Equatable, Sendable, BitwiseCopyable {
  /// From `FIRE` high to the bottom of the stroke, at the deepest setting.
  public var extendTravel: Nanoseconds
  /// From `FIRE` low to home, at the deepest setting.
  public var retractTravel: Nanoseconds

  @_noLocks public init(extendTravel: Nanoseconds, retractTravel: Nanoseconds) {
    self.extendTravel = extendTravel
    self.retractTravel = retractTravel
  }
}
