public import Units

/// The needle's motor on a virtual controller: what the controller asks of it, and how fast its shaft turns because of that and
/// of everything else.
///
/// The controller does not turn anything by itself: whoever owns the mechanics carries ``demand`` to them and brings back
/// ``rate``.
public struct ServoMotor: Equatable, Sendable {
  /// What the controller asks, in revolutions of the motor's shaft.
  public internal(set) var demand = MotorDemand.free
  /// Revolutions of the shaft per second, never negative.
  public var rate = Millihertz.zero
  /// The controller turns it left.
  var turnsLeft = false
  public var hasTorque = true
  /// Added to every speed reported, millihertz of the shaft: a controller that lies.
  var rateError: Int32 = 0

  /// The speed a controller reports, revolutions per minute, negative to the left.
  var reportedSpeed: Double {
    let speed = Double(Int64(rate.count) + Int64(rateError)) * 60 / 1_000
    return turnsLeft ? -speed : speed
  }

  /// What the windings draw, mA: little at an even speed, most while the shaft is slower than it should be, none without torque.
  var current: Int32 {
    guard hasTorque, case .run(let wanted, _) = demand else { return 0 }
    let missing = wanted.count > 0 ? Int64(wanted.count) - Int64(rate.count) : Int64(rate.count)
    let idle: Int32 = rate.count > 0 ? 120 : 20
    return missing.magnitude > 2_000 ? Self.ramping : idle
  }

  /// A controller that lies does so about its speed, too.
  mutating func lie(_ fault: DriveFault) {
    if case .lying(let figure) = fault { rateError = figure }
  }

  private static let ramping: Int32 = 350
}
