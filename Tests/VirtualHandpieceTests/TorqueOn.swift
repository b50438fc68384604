import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

/// A handpiece whose torque came on at 1 s, with the levels that hold it on.
struct TorqueOn {
  static let start = Instant(sinceBoot: .seconds(1))

  var handpiece: Handpiece
  var outputs = OutputLevels.safe

  init(
    _ parameters: HandpieceParameters = HandpieceParameters(), seed: UInt64 = 1,
    depth: Micrometres = Micrometres(2_000)
  ) {
    handpiece = Handpiece(parameters, seed: seed, at: .boot)
    handpiece.setDepth(depth)
    outputs.set(.torqueEnableA, high: true)
    outputs.set(.torqueEnableB, high: true)
    outputs.set(.watchdog, high: true)
    handpiece.apply(outputs: outputs, at: Self.start)
  }

  /// Sets one output this long after the start.
  mutating func set(_ signal: OutputSignal, high: Bool, after delay: Nanoseconds) {
    outputs.set(signal, high: high)
    handpiece.apply(outputs: outputs, at: Self.start + delay)
  }

  mutating func pass(to delay: Nanoseconds) { handpiece.advance(to: Self.start + delay) }

  /// Every change of an input so far, as (time since the start in ns, level).
  func changes(of signal: InputSignal) -> [Change] {
    (0..<handpiece.edges.count).map { handpiece.edges[$0] }.filter { $0.signal == signal }.map {
      Change(at: ($0.at - Self.start).count, isHigh: $0.rising)
    }
  }

  struct Change: Equatable {
    var at: Int64
    var isHigh: Bool
  }
}
