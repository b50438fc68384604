import NeedleSafety
import StrokeControl
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
    #expect(result.tally.strokes > 10, "a soak in which nothing happens proves nothing")
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
    monitor.report(state: .standby, at: .boot)
    monitor.observe(Self.sight { $0.isTorqueOn = true })
    #expect(monitor.breaches.map(\.rule) == [.torqueState])
  }

  @Test func theMonitorSeesTorqueWithAnOpenEmergencyStop() {
    var monitor = TreatmentMonitor()
    monitor.report(state: .armed, at: .boot)
    monitor.observe(
      Self.sight {
        $0.isTorqueOn = true
        $0.inputs.set(.emergencyStopB, high: false)
      })
    #expect(monitor.breaches.map(\.rule) == [.torqueReaction])
  }

  @Test func theMonitorSeesANeedleThatStaysOut() {
    var monitor = TreatmentMonitor()
    monitor.report(state: .fault, at: .boot)
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
    monitor.footWentDown(at: .boot)
    monitor.reportRunStarted(at: .boot)
    monitor.reportRunStarted(at: .boot)
    #expect(monitor.breaches.map(\.rule) == [.freshPress])
  }

  @Test func theMonitorSeesAStrokeBeyondTheDurableIntent() {
    var monitor = TreatmentMonitor()
    monitor.durableGranted(through: 3)
    monitor.reportStroke(sequence: 4, timeOut: nil)
    #expect(monitor.breaches.map(\.rule) == [.durableIntent])
  }

  @Test func theMonitorSeesALossOfEventsThatWasNotSaid() {
    var monitor = TreatmentMonitor()
    monitor.durableGranted(through: 10)
    monitor.reportStroke(sequence: 1, timeOut: nil)
    monitor.reportLost(1)
    monitor.reportStroke(sequence: 3, timeOut: nil)
    #expect(monitor.breaches.isEmpty, "one event was lost, and may have been stroke 2")
    monitor.reportStroke(sequence: 5, timeOut: nil)
    #expect(monitor.breaches.map(\.rule) == [.reportedOnce])
  }

  @Test func theMonitorSeesAMachineThatStaysArmedWithoutTheControlPlane() {
    var monitor = TreatmentMonitor()
    monitor.report(state: .armed, at: .boot)
    monitor.permission(granted: false)
    monitor.observe(Self.sight { $0.isTorqueOn = true })
    #expect(monitor.breaches.map(\.rule) == [.permission])
  }

  @Test func theMonitorSeesANeedleThatIsSaidToBeHomeAndIsOut() {
    var monitor = TreatmentMonitor()
    let out = Self.sight {
      $0.isNeedleHome = false
      $0.needleOutSince = $0.now
      $0.now += .milliseconds(16)
    }
    monitor.claimedHome(out)
    #expect(monitor.breaches.map(\.rule) == [.homeClaim])
  }

  // MARK: A failure and what a person gets of it

  /// A monitor that wants torque gone 0.1 ms after the guard opened, where the machine may take 20.
  static var hasty: MonitorLimits {
    var limits = MonitorLimits()
    limits.retractMaximum = .microseconds(100)
    return limits
  }

  /// A linear machine in continuous mode at 100 Hz, needle out for 5 of 10 ms.
  static func pressing(for length: Nanoseconds) -> SoakPlan {
    var plan = SoakPlan(seed: 1, length: length)
    plan.settings = StrokeSettings(
      mode: .continuous, rate: .hertz(100), depth: Micrometres(500), dwell: .milliseconds(3),
      strokesPerDot: 2, dotRate: .zero)
    plan.steps = []
    return plan
  }

  @Test func aFailingPlanIsShrunkToTheFewStepsThatBreakTheRule() throws {
    // The needle is out for 5 of 10 ms: of four openings a quarter of a period apart some find it out.
    var plan = Self.pressing(for: .seconds(24))
    for press in Int64(1)...4 {
      let at = Nanoseconds.seconds(5 * press)
      plan.steps += [
        .init(at: at - .seconds(1), happening: .recorderHangs(.milliseconds(100))),
        .init(at: at, happening: .foot(down: true)),
        .init(
          at: at + .seconds(1) + .microseconds(2_500 * press), happening: .person(.guardCover(open: true))),
        .init(at: at + .milliseconds(1_500), happening: .foot(down: false)),
      ]
    }
    let breach = try #require(SoakCampaign.run(plan, limits: Self.hasty).breach)
    let shortest = SoakCampaign.shrink(plan, breaking: breach.rule, limits: Self.hasty)
    let lines = shortest.text.split(separator: "\n").map { $0.split(separator: ": ").last ?? "" }
    // A step may stay whose only use is to move the phase of the stroke.
    #expect(lines.suffix(2) == ["the pedal goes down", "the guard is opened"], "\(shortest.text)")
    #expect(shortest.steps.count <= 3, "of \(plan.steps.count)")
    #expect(SoakCampaign.run(shortest, limits: Self.hasty).breach?.rule == breach.rule)
    #expect(SoakCampaign.run(shortest).breach == nil, "the machine keeps the true limit")
  }

  @Test func aRingThatOverflowsSaysHowMuchIsMissing() {
    var plan = Self.pressing(for: .seconds(20))
    plan.eventCapacity = 64
    plan.steps = [
      .init(at: .seconds(5), happening: .recorderDeaf(.seconds(6))),
      .init(at: .seconds(6), happening: .foot(down: true)),
      .init(at: .seconds(9), happening: .foot(down: false)),
      .init(at: .seconds(15), happening: .foot(down: true)),
      .init(at: .seconds(16), happening: .foot(down: false)),
    ]
    let result = SoakCampaign.run(plan)
    #expect(result.breach == nil, "\(String(describing: result.breach))")
    #expect(result.tally.lostEvents > 0)
    #expect(result.tally.strokes > 100)
  }

  @Test func ordersBeyondTheirRingAreRefusedAndNothingElseHappens() {
    var plan = Self.pressing(for: .seconds(10))
    plan.steps = [
      .init(at: .seconds(5), happening: .foot(down: true)),
      .init(at: .seconds(6), happening: .flood(1_000)),
      .init(at: .seconds(9), happening: .foot(down: false)),
    ]
    let result = SoakCampaign.run(plan)
    plan.steps.remove(at: 1)
    let quiet = SoakCampaign.run(plan)
    #expect(result.breach == nil, "\(String(describing: result.breach))")
    #expect(result.tally.refusedOrders - quiet.tally.refusedOrders >= 744, "the ring holds 256")
    #expect(result.tally.strokes == quiet.tally.strokes)
  }
}
