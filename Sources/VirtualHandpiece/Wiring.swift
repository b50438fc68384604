import NeedleSafety

/// The wires between the board's pins and the world: what is true at one end, what arrives at the other.
struct Wiring: Equatable, Sendable, BitwiseCopyable {
  private var inputsHigh: UInt32 = 0
  private var inputsLow: UInt32 = 0
  private var outputsHigh: UInt32 = 0
  private var outputsLow: UInt32 = 0
  /// Emergency-stop loops that are broken, and that are bypassed.
  private var loopsOpen: UInt32 = 0
  private var loopsClosed: UInt32 = 0

  /// Active-low inputs with a pull-up read high when their wire is broken; all others have a pull-down.
  private static var pulledUp: UInt32 { InputSignal.cartridgeAbsent.bit | InputSignal.driveFaultAbsent.bit }
  /// Loops that are closed and high when all is well: a short across them reads closed.
  private static var normallyClosed: UInt32 {
    InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit | InputSignal.guardClosed.bit
      | InputSignal.pedalNormallyClosed.bit
  }
  private static var emergencyStopLoops: UInt32 {
    InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit
  }

  /// The levels that arrive at the inputs.
  func inputs(_ sensed: UInt32) -> UInt32 { (sensed | inputsHigh) & ~inputsLow }

  /// The levels that arrive at what the outputs drive.
  func outputs(_ written: UInt32) -> UInt32 { (written | outputsHigh) & ~outputsLow }

  /// Both emergency-stop loops carry current, wherever their inputs stand.
  func loopsCarry(_ contacts: UInt32) -> Bool {
    ((contacts | loopsClosed) & ~loopsOpen) & Self.emergencyStopLoops == Self.emergencyStopLoops
  }

  mutating func stick(_ signal: InputSignal, high: Bool) {
    inputsHigh = high ? inputsHigh | signal.bit : inputsHigh & ~signal.bit
    inputsLow = high ? inputsLow & ~signal.bit : inputsLow | signal.bit
  }

  mutating func open(_ signal: InputSignal) {
    stick(signal, high: signal.bit & Self.pulledUp != 0)
    loopsOpen |= signal.bit
  }

  mutating func short(_ signal: InputSignal) {
    stick(signal, high: signal.bit & Self.normallyClosed != 0)
    loopsClosed |= signal.bit
  }

  mutating func open(_ signal: OutputSignal) { outputsLow |= signal.bit }
  mutating func short(_ signal: OutputSignal) { outputsHigh |= signal.bit }
}
