public import Units

/// The figures of a rotary handpiece's mechanism: an eccentric that moves the needle as a sine, one revolution per stroke.
public struct CamParameters: Equatable, Sendable, BitwiseCopyable {
  /// The needle's whole travel. Makers of rotary permanent make-up machines state 2 to 5 mm; 3 mm is the design's example.
  public var stroke = Micrometres(3_000)
  /// Friction of motor, bearings and membrane on a cam that coasts, revolutions per second squared. Engineering choice: from 100 Hz
  /// it comes to rest within 3.3 revolutions and 67 ms.
  public var frictionRevolutionsPerSecondSquared = 1_500.0

  public init() {}
}
