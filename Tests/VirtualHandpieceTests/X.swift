import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// A handpiece with torque on and its watchdog fed, at 1 s, and the outputs that hold it so.
struct Armed {
  var handpiece: Handpiece
  var outputs = OutputLevels.safe
  static let start = Instant(sinceBoot: .seconds(1))

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
  mutating func fire(_ high: Bool, at: Instant) {
    outputs.set(.fire, high: high)
    handpiece.apply(outputs: outputs, at: at)
  }
}

@Suite struct Trial {
  @Test func xstroke() {
    var armed = Armed()
    let t = Armed.start
    armed.fire(true, at: t + .milliseconds(10))
    armed.fire(false, at: t + .milliseconds(14))
    armed.handpiece.advance(to: t + .milliseconds(30))
    for i in 0..<armed.handpiece.edges.count {
      print(
        armed.handpiece.edges[i].signal, armed.handpiece.edges[i].rising,
        (armed.handpiece.edges[i].at - t).count)
    }
    print(armed.handpiece.truth.strokes[0] as Any, armed.handpiece.truth.strokes[0]?.timeOut as Any)
  }
}
