/// What turns a command into a stroke.
public enum Drivetrain: Equatable, Sendable, BitwiseCopyable {
  /// A coil fires each stroke, a spring brings the needle home.
  case linear(LinearGeometry)
  /// A motor turns a cam; each revolution is a stroke.
  case rotary(RotaryGeometry)

  public var isRotary: Bool { @_noLocks get { if case .rotary = self { true } else { false } } }

  /// Whether strokes can be asked for in this mode. A cam cannot stop after exactly N strokes within the time of a dot, so a
  /// rotary machine runs continuously.
  @_noLocks public func offers(_ mode: StrokeMode) -> Bool { !isRotary || !mode.isDot }
}
