import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// What must hold with no software at all: nothing here writes an output after the cause.
@Suite struct HardwareSafetyTests {
  @Test func theOneShotEndsAPulseThatSoftwareNeverEnds() throws {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(70))
    let pulse = try #require(bench.handpiece.truth.pulses.newest)
    #expect(pulse.width == .milliseconds(15))
    #expect(pulse.wasCutByOneShot)
    let stroke = try #require(bench.handpiece.truth.strokes.newest)
    #expect(stroke.timeOut == Nanoseconds(15_000_000 + 896_349 - 222_574))
    #expect(bench.handpiece.isNeedleHome)
  }

  @Test func theOneShotFiresAgainOnlyOnARisingEdge() {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.set(.ledRed, high: true, after: .milliseconds(30))
    #expect(!bench.handpiece.isOneShotHigh)
    bench.set(.fire, high: false, after: .milliseconds(40))
    bench.set(.fire, high: true, after: .milliseconds(41))
    #expect(bench.handpiece.isOneShotHigh)
    #expect(bench.handpiece.truth.pulses.total == 1)
  }

  @Test func anEmergencyStopTakesTorqueAndTheSpringBringsTheNeedleHome() throws {
    var bench = TorqueOn()
    bench.set(.fire, high: true, after: .zero)
    bench.pass(to: .milliseconds(3))
    bench.handpiece.emergencyStop(open: true)
    #expect(!bench.handpiece.isTorqueOn)
    bench.pass(to: .milliseconds(10))
    #expect(bench.handpiece.truth.torque.newest?.off == TorqueOn.start + .milliseconds(3))
    #expect(bench.changes(of: .torqueFeedback).last == .init(at: 4_000_000, isHigh: false))
    #expect(bench.changes(of: .needleHome).last == .init(at: 3_896_349, isHigh: true))
    #expect(!bench.handpiece.inputs.isHigh(.emergencyStopA))
    #expect(!bench.handpiece.inputs.isHigh(.emergencyStopB))
  }

  @Test(arguments: [OutputSignal.torqueEnableA, .torqueEnableB])
  func eitherTorqueChannelAloneTakesTorque(channel: OutputSignal) {
    var bench = TorqueOn()
    bench.set(channel, high: false, after: .milliseconds(5))
    #expect(!bench.handpiece.isTorqueOn)
    bench.pass(to: .microseconds(5_999))
    #expect(bench.handpiece.inputs.isHigh(.torqueFeedback))
    bench.pass(to: .milliseconds(6))
    #expect(!bench.handpiece.inputs.isHigh(.torqueFeedback))
  }

  @Test(arguments: [InputSignal.emergencyStopA, .emergencyStopB])
  func aBrokenEmergencyStopWireTakesTorque(loop: InputSignal) {
    var bench = TorqueOn()
    bench.pass(to: .milliseconds(5))
    bench.handpiece.inject(.inputOpen(loop))
    #expect(!bench.handpiece.isTorqueOn)
    #expect(!bench.handpiece.inputs.isHigh(loop))
  }

  @Test func theWatchdogTakesTorqueWhenItsLineStandsStillForItsWindow() {
    var bench = TorqueOn()
    bench.set(.watchdog, high: false, after: .milliseconds(50))
    bench.pass(to: Nanoseconds(129_999_999))
    #expect(bench.handpiece.isTorqueOn)
    bench.pass(to: .milliseconds(130))
    #expect(!bench.handpiece.isTorqueOn)
    #expect(bench.handpiece.truth.torque.newest?.off == TorqueOn.start + .milliseconds(130))
  }

  @Test func withoutAWatchdogThereIsNoTorqueAtAll() {
    var handpiece = Handpiece(seed: 1, at: .boot)
    var outputs = OutputLevels.safe
    outputs.set(.torqueEnableA, high: true)
    outputs.set(.torqueEnableB, high: true)
    handpiece.apply(outputs: outputs, at: Instant(sinceBoot: .seconds(1)))
    #expect(!handpiece.isTorqueOn)
  }

  @Test func withoutTorqueFireMovesNothing() {
    var bench = TorqueOn()
    bench.set(.torqueEnableA, high: false, after: .milliseconds(5))
    bench.set(.fire, high: true, after: .milliseconds(10))
    bench.pass(to: .milliseconds(20))
    #expect(bench.handpiece.truth.strokes.total == 0)
    #expect(bench.handpiece.isNeedleHome)
  }

  @Test func torqueThatRisesUnderAHighFireExtendsTheNeedle() {
    var bench = TorqueOn()
    bench.set(.torqueEnableA, high: false, after: .milliseconds(5))
    bench.set(.fire, high: true, after: .milliseconds(10))
    bench.set(.torqueEnableA, high: true, after: .milliseconds(12))
    bench.pass(to: .milliseconds(14))
    #expect(bench.handpiece.protrusion == Micrometres(2_000))
  }
}
