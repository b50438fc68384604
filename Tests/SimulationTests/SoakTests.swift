import NeedleSafety
import Testing
import TreatmentMonitor
import TreatmentSoak
import Units
import VirtualHandpiece

/// A little of the soak in every test run; `make soak` runs hours of it.
@Suite struct SoakTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>) func aTreatmentWithMishapsBreaksNoRule(_ seed: UInt64) {
    let result = SoakCampaign.run(SoakPlan(seed: seed, length: .seconds(60)))
    #expect(result.breach == nil, "seed \(seed): stipple-soak --replay \(seed)")
    #expect(result.tally.strokes > 50, "a soak in which nothing happens proves nothing")
  }

  @Test func oneSeedReplaysATreatmentExactly() {
    let first = SoakCampaign.run(SoakPlan(seed: 7, length: .seconds(30))).tally
    let second = SoakCampaign.run(SoakPlan(seed: 7, length: .seconds(30))).tally
    #expect(first.turns == second.turns)
    #expect(first.strokes == second.strokes)
    #expect(first.faults == second.faults)
  }

  static func sight(_ change: (inout PlantSight) -> Void) -> PlantSight {
    var plant = Plant(seed: 1, at: Instant(sinceBoot: .seconds(10)))
    var sight = plant.sight
    change(&sight)
    return sight
  }

  @Test func theMonitorSeesTorqueInStandby() {
    var monitor = TreatmentMonitor()
    monitor.report(state: .standby)
    monitor.observe(Self.sight { $0.isTorqueOn = true })
    #expect(monitor.breaches.map(\.rule) == [.torqueState])
  }

  @Test func theMonitorSeesTorqueWithAnOpenEmergencyStop() {
    var monitor = TreatmentMonitor()
    monitor.report(state: .armed)
    monitor.observe(
      Self.sight {
        $0.isTorqueOn = true
        $0.inputs.set(.emergencyStopB, high: false)
      })
    #expect(monitor.breaches.map(\.rule) == [.torqueReaction])
  }

  @Test func theMonitorSeesANeedleThatStaysOut() {
    var monitor = TreatmentMonitor()
    monitor.report(state: .fault)
    monitor.reportFault("needle_stalled", at: .boot)
    monitor.observe(
      Self.sight {
        $0.needleOutSince = $0.now
        $0.now += .microseconds(16_001)
      })
    #expect(monitor.breaches.map(\.rule) == [.timeOut])
  }

  @Test func theMonitorSeesAStrokeThatWasNotReportedOrReportedTwice() {
    var monitor = TreatmentMonitor()
    monitor.durableGranted(through: 10)
    monitor.reportStroke(sequence: 1, timeOut: nil)
    monitor.reportStroke(sequence: 1, timeOut: nil)
    monitor.observe(Self.sight { $0.strokesFinished = 3 })
    monitor.observe(
      Self.sight {
        $0.strokesFinished = 3
        $0.now += .milliseconds(61)
      })
    #expect(monitor.breaches.map(\.rule) == [.reportedOnce, .reportedOnce])
  }

  @Test func theMonitorSeesARestartWithoutAFreshPress() {
    var monitor = TreatmentMonitor()
    monitor.footWentDown()
    monitor.reportRunStarted()
    monitor.reportRunStarted()
    #expect(monitor.breaches.map(\.rule) == [.freshPress])
  }

  @Test func theMonitorSeesAStrokeBeyondTheDurableIntent() {
    var monitor = TreatmentMonitor()
    monitor.durableGranted(through: 3)
    monitor.reportStroke(sequence: 4, timeOut: nil)
    #expect(monitor.breaches.map(\.rule) == [.durableIntent])
  }
}
