public import Units

/// The figures of one virtual handpiece: lengths along the needle from its home rest, accelerations, and the delays of the
/// board around it. ``init()`` gives the shipped linear handpiece; a test changes what it is about.
///
/// The travel figures are derived, not measured: the design asks for at most 1.0 ms of travel each way at the deepest
/// setting (2.0 mm on the bench), so the coil and the return spring accelerate the needle at 6,000 m/s², which is 12 N on
/// 2 g, the peak force of a small moving-coil actuator. Deepest travel (2.3 mm) then takes 0.876 ms and 0.04 ms of coil.
public struct HandpieceParameters: Equatable, Sendable, BitwiseCopyable {
  /// From the needle's home rest to the cartridge nose. Engineering choice.
  public var noseRecess = Micrometres(300)
  /// `NEEDLE_HOME` is high at or behind this position. Less than ``noseRecess``, so that the sensor lets go before the
  /// needle can touch skin: the time it measures is never shorter than the time past the nose. Engineering choice.
  public var homeThreshold = Micrometres(100)
  /// `NEEDLE_BOTTOM` is high this close to the depth stop, which carries the sensor. Engineering choice.
  public var bottomMargin = Micrometres(50)
  /// The deepest the depth axis can let the needle go: the bench ceiling of 2.0 mm.
  public var deepestSetting = Micrometres(2_000)

  /// Coil force less spring force, over the moving mass.
  public var extendMetresPerSecondSquared = 6_000.0
  /// Spring force over the moving mass; preloaded, so that it hardly changes over the travel.
  public var returnMetresPerSecondSquared = 6_000.0
  /// What skin takes away from either, past the nose and against the motion. Zero: a bench in air.
  public var skinDragMetresPerSecondSquared = 0.0

  /// From the coil's drive to its force, and from its loss to none. L/R of 1 mH at 24 Ω (coils of that class).
  public var coilRise = Nanoseconds.microseconds(40)
  public var coilFall = Nanoseconds.microseconds(40)

  /// The board's one-shot on `FIRE`: longest on-time. The design's default.
  public var oneShot = Nanoseconds.milliseconds(15)
  /// The external watchdog takes torque away when `WATCHDOG` has not changed for this long. Design: 50 to 100 ms.
  public var watchdogWindow = Nanoseconds.milliseconds(80)
  /// From a change of torque to `STO_FB`: an optocoupler and a filter. The design allows 25 ms.
  public var torqueFeedbackDelay = Nanoseconds.milliseconds(1)

  /// From one contact of the changeover pedal opening to the other closing (break before make). Engineering choice.
  public var pedalTransit = Nanoseconds.milliseconds(2)
  /// Longest bounce of a contact. Of 18 switches measured most were under 6.2 ms (J. Ganssle, "A Guide to Debouncing").
  public var longestBounce = Nanoseconds.milliseconds(5)
  /// Most extra openings in one bounce.
  public var mostBounces = 4
  /// Longest time between the two contacts of the emergency stop; far below the 200 ms that make a fault.
  public var emergencyStopSkew = Nanoseconds.milliseconds(1)

  /// The cam of a rotary handpiece; `nil` on a linear one.
  public var cam: CamParameters?

  /// The shipped linear handpiece.
  public init() {}

  /// The shipped rotary handpiece: the home sensor is high within 0.35 mm of the top, 22 % of a revolution, inside the nose at
  /// the deepest setting. It has no bottom sensor and no one-shot.
  public static var rotary: Self {
    var parameters = Self()
    parameters.cam = CamParameters()
    parameters.homeThreshold = Micrometres(350)
    return parameters
  }

  /// From the home rest to the depth stop at `depth`, held within what the mechanics allow.
  func travel(to depth: Micrometres) -> Double {
    Double(noseRecess.count) + Double(min(max(depth.count, 0), deepestSetting.count))
  }

  /// m/s² in the motion's own units, µm/ns².
  static func perNanosecondSquared(_ metresPerSecondSquared: Double) -> Double {
    metresPerSecondSquared * 1e-12
  }
}
