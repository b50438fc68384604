import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// The literal instants are worked out by hand from t = 40 µs + √(2·s / 6,000 m/s²).
@Suite struct NeedlePhysicsTests {
  @Test func aDeepStrokePassesItsMarksAtTheInstantsOfConstantAcceleration() throws {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .milliseconds(10))
    bench.set(.fire, high: false, after: .milliseconds(14))
    bench.pass(to: .milliseconds(30))
    #expect(
      bench.changes(of: .needleHome) == [
        .init(at: 10_222_574, isHigh: false), .init(at: 14_896_349, isHigh: true),
      ])
    #expect(
      bench.changes(of: .needleBottom) == [
        .init(at: 10_906_025, isHigh: true), .init(at: 14_169_099, isHigh: false),
      ])
    let stroke = try #require(bench.handpiece.truth.strokes.newest)
    #expect(stroke.passedNose - TorqueOn.start == Nanoseconds(10_356_228))
    #expect(stroke.returnedToNose - TorqueOn.start == Nanoseconds(14_856_497))
    #expect(stroke.timeOut == Nanoseconds(4_673_775))
    #expect(stroke.timePastNose == Nanoseconds(4_500_269))
    #expect(stroke.depth == Micrometres(2_000))
    #expect(bench.handpiece.truth.strokesMade == 1)
  }

  @Test func travelAtTheDeepestSettingTakesLessThanAMillisecondEachWay() {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .milliseconds(10))
    bench.pass(to: .microseconds(10_916))
    #expect(bench.handpiece.protrusion == Micrometres(2_000))
    bench.set(.fire, high: false, after: .milliseconds(14))
    bench.pass(to: .microseconds(14_916))
    #expect(bench.handpiece.needlePosition == .zero)
  }

  @Test func theHomeSensorLetsGoBeforeTheNoseIsPassed() throws {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(5))
    let stroke = try #require(bench.handpiece.truth.stroke)
    #expect(stroke.passedNose - stroke.leftHome == Nanoseconds(133_654))
  }

  @Test func theDepthStopEndsTheTravel() {
    var bench = TorqueOn(depth: Micrometres(500))
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(5))
    // 750 µm to the bottom mark: √(1,500 / 6) × 10⁴ ns = 0.5 ms, and 40 µs of coil.
    #expect(bench.changes(of: .needleBottom) == [.init(at: 540_000, isHigh: true)])
    #expect(bench.handpiece.protrusion == Micrometres(500))
  }

  @Test func aDepthBeyondTheMechanicsIsHeldToThem() {
    var bench = TorqueOn(depth: Micrometres(9_000))
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(5))
    #expect(bench.handpiece.protrusion == Micrometres(2_000))
  }

  @Test func aPulseTooShortToReachTheNoseIsNoStroke() {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.set(.fire, high: false, after: .microseconds(200))
    bench.pass(to: .milliseconds(5))
    #expect(bench.handpiece.truth.strokesMade == 0)
    #expect(bench.handpiece.truth.strokesShort == 1)
    #expect(bench.handpiece.isNeedleHome)
    #expect(bench.handpiece.inputs.isHigh(.needleHome))
  }

  @Test func aPulseShorterThanTheCoilsRiseMovesNothing() {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.set(.fire, high: false, after: .microseconds(39))
    bench.pass(to: .milliseconds(5))
    #expect(bench.handpiece.truth.strokes.total == 0)
    #expect(bench.handpiece.needlePosition == .zero)
  }

  @Test func theNeedleTurnsInTheAirWhenTheCoilLetsGoHalfWay() throws {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.set(.fire, high: false, after: .microseconds(600))
    bench.pass(to: .milliseconds(5))
    // 0.6 ms of push and as much of braking to 2,160 µm, then 2,060 µm back to the home mark.
    let stroke = try #require(bench.handpiece.truth.strokes.newest)
    #expect(stroke.reachedHome - TorqueOn.start == Nanoseconds(2_068_654))
    #expect(stroke.reachedBottom == .distantFuture)
  }

  @Test func skinSlowsTheWayOutAndTheWayBack() throws {
    var parameters = HandpieceParameters()
    parameters.skinDragMetresPerSecondSquared = 1_000
    var bench = TorqueOn(parameters)
    bench.set(.fire, high: true, after: .milliseconds(10))
    bench.set(.fire, high: false, after: .milliseconds(14))
    bench.pass(to: .milliseconds(30))
    let stroke = try #require(bench.handpiece.truth.strokes.newest)
    #expect(stroke.passedNose - TorqueOn.start == Nanoseconds(10_356_228))
    // Out: v² = 2·6,000·300 µm, then 5,000 m/s² over 1,950 µm. Back: 5,000 m/s² over 2,000 µm to the nose.
    #expect(stroke.reachedBottom - TorqueOn.start == Nanoseconds(10_938_004))
    #expect(stroke.returnedToNose - TorqueOn.start == Nanoseconds(14_934_427))
  }

  @Test func aStopThatComesBackPushesTheNeedle() {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(2))
    bench.handpiece.setDepth(Micrometres(700))
    #expect(bench.handpiece.protrusion == Micrometres(700))
    #expect(bench.handpiece.inputs.isHigh(.needleBottom))
    bench.handpiece.setDepth(Micrometres(1_500))
    #expect(!bench.handpiece.inputs.isHigh(.needleBottom))
    bench.pass(to: .milliseconds(4))
    #expect(bench.handpiece.protrusion == Micrometres(1_500))
    #expect(bench.handpiece.inputs.isHigh(.needleBottom))
  }
}
