import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite struct HandpieceFaultTests {
  @Test func aStuckSensorLiesWhileTheTruthGoesOn() {
    var bench = TorqueOn()
    bench.handpiece.inject(.stuck(.needleHome, high: true), after: .milliseconds(5))
    bench.set(.fire, high: true, after: .milliseconds(10))
    bench.pass(to: .milliseconds(12))
    #expect(bench.handpiece.inputs.isHigh(.needleHome))
    #expect(!bench.handpiece.isNeedleHome)
    bench.handpiece.repair()
    #expect(!bench.handpiece.inputs.isHigh(.needleHome))
  }

  @Test func aFaultBeginsAtItsInstant() {
    var bench = TorqueOn()
    bench.handpiece.inject(.driveFault, after: .milliseconds(5))
    bench.pass(to: Nanoseconds(4_999_999))
    #expect(bench.handpiece.inputs.isHigh(.driveFaultAbsent))
    bench.pass(to: .milliseconds(5))
    #expect(bench.changes(of: .driveFaultAbsent) == [.init(at: 5_000_000, isHigh: false)])
  }

  @Test func aBrokenWireReadsItsPull() {
    for (signal, isHigh) in [
      (InputSignal.guardClosed, false), (.pedalNormallyClosed, false), (.cartridgeAbsent, true),
      (.needleHome, false), (.driveFaultAbsent, true),
    ] {
      var handpiece = Handpiece(seed: 1, at: .boot)
      handpiece.inject(.inputOpen(signal))
      #expect(handpiece.inputs.isHigh(signal) == isHigh, "\(signal)")
    }
  }

  @Test func aShortedEmergencyStopLoopHidesItsContactAndNoLongerCuts() {
    var bench = TorqueOn()
    bench.handpiece.inject(.inputShorted(.emergencyStopA))
    bench.handpiece.inject(.inputShorted(.emergencyStopB))
    bench.handpiece.emergencyStop(open: true)
    bench.pass(to: .milliseconds(10))
    #expect(bench.handpiece.isTorqueOn)
    #expect(bench.handpiece.inputs.isHigh(.emergencyStopA))
  }

  @Test func aWeldedTorqueChannelShowsInTheFeedbackOfTheOther() {
    var bench = TorqueOn()
    bench.handpiece.inject(.outputShorted(.torqueEnableA))
    bench.set(.torqueEnableA, high: false, after: .milliseconds(5))
    bench.pass(to: .milliseconds(10))
    #expect(bench.handpiece.inputs.isHigh(.torqueFeedback))
    bench.set(.torqueEnableB, high: false, after: .milliseconds(15))
    bench.pass(to: .milliseconds(20))
    #expect(!bench.handpiece.inputs.isHigh(.torqueFeedback))
  }

  @Test func aFireWireThatIsOpenMovesNothing() {
    var bench = TorqueOn()
    bench.handpiece.inject(.outputOpen(.fire))
    bench.set(.fire, high: true, after: .milliseconds(5))
    bench.pass(to: .milliseconds(10))
    #expect(bench.handpiece.isNeedleHome)
  }

  @Test func aOneShotThatPassesThroughHoldsTheNeedleOut() {
    var bench = TorqueOn()
    bench.handpiece.inject(.oneShotPassesThrough)
    bench.set(.fire, high: true, after: .milliseconds(5))
    bench.pass(to: .milliseconds(79))
    #expect(!bench.handpiece.isNeedleHome)
  }

  @Test func aDeadWatchdogLeavesTorqueOn() {
    var bench = TorqueOn()
    bench.handpiece.inject(.watchdogDead)
    bench.pass(to: .seconds(10))
    #expect(bench.handpiece.isTorqueOn)
  }

  @Test func withABrokenSpringTheNeedleStaysOut() {
    var bench = TorqueOn()
    bench.handpiece.inject(.springBroken)
    bench.set(.fire, high: true, after: .milliseconds(5))
    bench.set(.fire, high: false, after: .milliseconds(9))
    bench.pass(to: .milliseconds(60))
    #expect(bench.handpiece.protrusion == Micrometres(2_000))
    bench.handpiece.repair()
    bench.pass(to: .milliseconds(61))
    #expect(bench.handpiece.isNeedleHome)
  }

  @Test func aJammedNeedleStaysWhereItIs() {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .milliseconds(5))
    bench.handpiece.inject(.needleJammed, after: .microseconds(640))
    bench.set(.fire, high: false, after: .milliseconds(9))
    bench.pass(to: .milliseconds(60))
    #expect(bench.handpiece.needlePosition == Micrometres(1_080))
  }

  @Test func aWeakCoilIsSlow() {
    var bench = TorqueOn()
    bench.handpiece.inject(.coilWeak(percent: 25))
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(10))
    // Twice the time of the travel: 40 µs + 2 × 182,574 ns.
    #expect(bench.changes(of: .needleHome) == [.init(at: 405_148, isHigh: false)])
  }

  @Test func noiseComesAndGoesAndLeavesTheLevelAsItWas() {
    var handpiece = Handpiece(seed: 9, at: .boot)
    handpiece.inject(.noisy(.needleHome))
    var spikes = 0
    for millisecond in 1...1_000 {
      handpiece.advance(to: Instant(sinceBoot: .milliseconds(Int64(millisecond))))
      for index in 0..<handpiece.edges.count {
        #expect(handpiece.edges[index].signal == .needleHome)
        spikes += handpiece.edges[index].rising ? 0 : 1
      }
      #expect(handpiece.edges.lost == 0)
      handpiece.edges.removeAll()
    }
    #expect(spikes > 50 && spikes < 500)
    handpiece.repair()
    handpiece.advance(to: Instant(sinceBoot: .milliseconds(1_001)))
    #expect(handpiece.inputs == .atRest)
  }

  @Test func aBouncingSensorEndsAtItsTrueLevel() {
    var bench = TorqueOn()
    bench.handpiece.inject(.bouncing(.needleHome))
    bench.set(.fire, high: true, after: .milliseconds(5))
    bench.pass(to: .milliseconds(8))
    #expect(bench.changes(of: .needleHome).count > 2)
    #expect(!bench.handpiece.inputs.isHigh(.needleHome))
  }

  @Test func everyFaultHasANameThatReadsBack() {
    let faults: [HandpieceFault] = [
      .stuck(.needleHome, high: true), .stuck(.guardClosed, high: false), .noisy(.needleBottom),
      .bouncing(.pedalNormallyOpen), .inputOpen(.emergencyStopB), .inputShorted(.torqueFeedback),
      .outputOpen(.fire), .outputShorted(.torqueEnableA), .oneShotPassesThrough, .oneShotDead, .watchdogDead,
      .springBroken, .needleJammed, .coilWeak(percent: 40), .driveFault,
    ]
    for fault in faults { #expect(HandpieceFault(name: fault.name) == fault) }
    for name in [
      "", "stuck_high", "stuck_high:FIRE", "coil_weak:101", "spring_broken:1", "output_open:GUARD",
    ] {
      #expect(HandpieceFault(name: name) == nil, "\(name)")
    }
  }
}
