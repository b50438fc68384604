import ControlLoop
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// The way from the WATCHDOG line to safe torque off, proved in every self-test: it is what ends motion when software dies.
@Suite struct WatchdogPathTests {
  @Test func theSelfTestLeavesTheWatchdogUnfedUntilItHoldsTorqueOff() {
    var rehearsal = Rehearsal()
    #expect(rehearsal.pass(upTo: .seconds(1)) { $0.selfTestPassed })
    // Two proofs of 5 pulses, 85 ms unfed, 25 ms held, and it comes on again when fed: with 1 ms of feedback each way.
    #expect(rehearsal.now < Instant(sinceBoot: .seconds(10) + .milliseconds(250)))
    #expect(rehearsal.faults.isEmpty)
    // Both channels on in two pulses of the channels' proof and in the one after the watchdog was fed again.
    #expect(rehearsal.truth.torque.total == 3)
  }

  @Test func aWatchdogThatNeverTakesTorqueAwayFailsTheSelfTest() {
    var rehearsal = Rehearsal(timeline: [
      Timeline.Entry(
        at: Instant(sinceBoot: .seconds(10)), .person(.inject(.handpiece(.watchdogDead), after: .zero)))
    ])
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.faults == [.torqueFeedback])
    #expect(!rehearsal.status.selfTestPassed)
    #expect(!rehearsal.loop.machine.plant.handpiece.isTorqueOn)
  }

  @Test func aWatchdogThatTakesLongerThanItsWindowFailsTheSelfTest() {
    // The handpiece's takes 80 ms; a machine whose profile says 70 ms finds it too slow.
    var machine = Rehearsal.machine
    machine.watchdogWindow = .milliseconds(70)
    var rehearsal = Rehearsal(machine: machine)
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.faults == [.torqueFeedback])
    #expect(!rehearsal.status.selfTestPassed)
  }

  @Test func withoutALossOfLinkActionInTheDriveTheProvedWatchdogPathIsEnough() {
    var bench = ControllerBench()
    bench.drive.lossOfLinkVerified = false
    bench.step()
    #expect(bench.controller.status.unmet.has(.lossOfLink), "nothing is proved yet")
    bench.arm()
    #expect(bench.state == .armed)
  }
}
