import Units

/// The gear between the needle's motor and its cam.
public struct MotorGear: Equatable, Sendable {
  /// So many revolutions of the motor for so many of the cam; both at least 1.
  public var motor: Int32
  public var cam: Int32

  public init(motor: Int32 = 1, cam: Int32 = 1) {
    self.motor = max(1, motor)
    self.cam = max(1, cam)
  }

  /// What a motor's demand is to the cam.
  func cam(_ demand: MotorDemand) -> MotorDemand {
    guard case .run(let rate, let acceleration) = demand, motor != cam else { return demand }
    return .run(
      rate: Millihertz(Int32(clamping: Int64(rate.count) * Int64(cam) / Int64(motor))),
      acceleration: max(1, Int32(clamping: Int64(acceleration) * Int64(cam) / Int64(motor))))
  }

  /// How fast the motor's shaft turns.
  func shaft(_ camRate: Millihertz) -> Millihertz {
    Millihertz(Int32(clamping: Int64(camRate.count) * Int64(motor) / Int64(cam)))
  }
}
