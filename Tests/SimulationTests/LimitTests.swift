import NeedleSafety
import StrokeControl
import Testing
import Units

/// Each limit of the product's table at its last allowed value and at the first one beyond it.
@Suite struct LimitTests {
  static func envelope(_ change: (inout Ceilings) -> Void = { _ in }, _ group: DepthGroup = .shallow)
    -> Envelope
  {
    var ceilings = Ceilings.absolute
    change(&ceilings)
    return Envelope(
      ceilings: ceilings, depthGroup: group,
      tolerance: SensorTolerance(depth: Micrometres(150), time: .microseconds(200)))
  }

  static func plan(_ change: (inout StrokeSettings) -> Void) -> StrokePlan? {
    var settings = Rehearsal.soft
    change(&settings)
    return StrokePlan(
      settings, on: .linear(LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))))
  }

  static func breach(
    _ group: DepthGroup = .shallow, ceilings: (inout Ceilings) -> Void = { _ in },
    _ change: (inout StrokeSettings) -> Void
  ) -> Limit? {
    guard let plan = plan(change) else { return nil }
    return envelope(ceilings, group).breach(of: plan)
  }

  @Test func strokeRateIsPlannedUpTo150Hz() {
    #expect(
      Self.breach {
        $0.rate = .hertz(150); $0.dwell = .milliseconds(1)
      } == nil)
    #expect(
      Self.breach {
        $0.rate = Millihertz(150_001); $0.dwell = .milliseconds(1)
      } == .strokeRate)
  }

  @Test(arguments: [(DepthGroup.shallow, Int32(1_000)), (.deep, 1_350), (.bench, 2_000)])
  func depthIsPlannedUpToTheCeilingOfItsGroup(_ group: DepthGroup, _ most: Int32) {
    #expect(Self.breach(group) { $0.depth = Micrometres(most) } == nil)
    #expect(Self.breach(group) { $0.depth = Micrometres(most + 1) } == .depth)
  }

  @Test func dwellIsTheLesserOfTenMillisecondsAndSixtyPercentOfThePeriod() {
    #expect(Self.breach { $0.dwell = .milliseconds(4) } == nil, "6 ms of 10 ms")
    #expect(Self.breach { $0.dwell = .milliseconds(4) + Nanoseconds(1) } == .dwell)
    #expect(
      Self.breach {
        $0.rate = .hertz(50); $0.dwell = .milliseconds(8)
      } == nil, "10 ms of 20 ms")
    #expect(
      Self.breach {
        $0.rate = .hertz(50); $0.dwell = .milliseconds(8) + Nanoseconds(1)
      } == .dwell)
  }

  @Test func offTimeIsAtLeastTheMachines() {
    #expect(Self.breach(ceilings: { $0.minimumOffTime = .milliseconds(5) }, { _ in }) == nil)
    let longer = Nanoseconds.milliseconds(5) + Nanoseconds(1)
    #expect(Self.breach(ceilings: { $0.minimumOffTime = longer }, { _ in }) == .offTime)
  }

  @Test func dotsHaveAtMost25StrokesIn250Milliseconds() {
    #expect(Self.breach { $0.strokesPerDot = 25 } == nil, "24 periods and 5 ms: 245 ms")
    #expect(
      Self.breach {
        $0.strokesPerDot = 26; $0.rate = .hertz(120); $0.dwell = .milliseconds(2)
      } == .strokesPerDot)
    #expect(Self.breach(ceilings: { $0.dotDuration = .milliseconds(45) }, { $0.strokesPerDot = 5 }) == nil)
    let shorter = Nanoseconds.milliseconds(45) - Nanoseconds(1)
    #expect(Self.breach(ceilings: { $0.dotDuration = shorter }, { $0.strokesPerDot = 5 }) == .dotDuration)
  }

  @Test func dotsComeAtMostTenTimesASecondAndTheirStrokesFit() {
    #expect(
      Self.breach {
        $0.mode = .dot; $0.dotRate = .hertz(10)
      } == nil)
    #expect(
      Self.breach {
        $0.mode = .dot; $0.dotRate = Millihertz(10_001)
      } == .dotRate)
    #expect(
      Self.breach {
        $0.mode = .dot; $0.dotRate = .hertz(10); $0.strokesPerDot = 10
      } == nil)
    #expect(
      Self.breach {
        $0.mode = .dot; $0.dotRate = .hertz(10); $0.strokesPerDot = 11
      } == .dotRate)
  }

  static func measured(_ change: (inout StrokeMeasurement) -> Void) -> Limit? {
    var measured = StrokeMeasurement(
      period: .milliseconds(10), plannedPeriod: .milliseconds(10), timeOut: .milliseconds(5),
      depth: Micrometres(500))
    change(&measured)
    return envelope().breach(of: measured)
  }

  @Test func measurementsMayExceedALimitByTheToleranceOnly() {
    #expect(Self.measured { _ in } == nil)
    #expect(Self.measured { $0.period = Nanoseconds(6_466_667) } == nil)
    #expect(Self.measured { $0.period = Nanoseconds(6_466_666) } == .strokeRate)
    #expect(Self.measured { $0.depth = Micrometres(1_150) } == nil)
    #expect(Self.measured { $0.depth = Micrometres(1_151) } == .depth)
    #expect(Self.measured { $0.timeOut = .microseconds(6_200) } == nil)
    #expect(Self.measured { $0.timeOut = .microseconds(6_200) + Nanoseconds(1) } == .dwell)
  }

  @Test func composedCeilingsAreTheTightest() {
    var tight = Ceilings.absolute
    tight.strokeRate = .hertz(80)
    tight.minimumOffTime = .milliseconds(3)
    tight.lease = .milliseconds(50)
    for composed in [Ceilings.tightest(.absolute, tight), .tightest(tight, .absolute)] {
      #expect(composed == tight)
    }
  }

  static let start = Instant(sinceBoot: .seconds(5))

  @Test func aPressCountsAfterTwentyMilliseconds() {
    var pedal = PedalMonitor()
    pedal.update(normallyOpen: true, normallyClosed: false, at: Self.start)
    pedal.advance(to: Self.start + .milliseconds(20) - Nanoseconds(1))
    #expect(!pedal.isPressed)
    pedal.advance(to: Self.start + .milliseconds(20))
    #expect(pedal.isPressed)
    pedal.update(normallyOpen: false, normallyClosed: false, at: Self.start + .milliseconds(21))
    #expect(!pedal.isPressed, "a release counts at once")
    #expect(!pedal.disagrees(at: Self.start + .milliseconds(121) - Nanoseconds(1)))
    #expect(pedal.disagrees(at: Self.start + .milliseconds(121)))
  }

  @Test func emergencyStopChannelsMayDifferFor200Milliseconds() {
    var monitor = EmergencyStopMonitor()
    monitor.update(closedA: true, closedB: true, at: Self.start)
    #expect(monitor.isClosed)
    monitor.update(closedA: false, closedB: true, at: Self.start)
    #expect(!monitor.isClosed)
    #expect(!monitor.disagrees(at: Self.start + .milliseconds(200)))
    #expect(monitor.disagrees(at: Self.start + .milliseconds(200) + Nanoseconds(1)))
    monitor.update(closedA: true, closedB: false, at: Self.start)
    #expect(!monitor.isClosed)
  }

  @Test func theTorqueFeedbackFollowsWithin25Milliseconds() {
    var monitor = TorqueFeedbackMonitor()
    monitor.expect(true, at: Self.start)
    #expect(!monitor.failed(at: Self.start + .milliseconds(25)))
    #expect(monitor.failed(at: Self.start + .milliseconds(25) + Nanoseconds(1)))
    monitor.update(feedback: true, at: Self.start + .milliseconds(26))
    #expect(!monitor.failed(at: Self.start + .seconds(1)))
    monitor.expect(false, at: Self.start + .seconds(1))
    #expect(monitor.failed(at: Self.start + .milliseconds(1_026)))
  }

  @Test func aCartridgeIsSeatedAfter100Milliseconds() {
    var monitor = CartridgeMonitor()
    monitor.update(absent: false, at: Self.start)
    monitor.advance(to: Self.start + .milliseconds(100) - Nanoseconds(1))
    #expect(!monitor.isSeated)
    monitor.advance(to: Self.start + .milliseconds(100))
    #expect(monitor.isSeated)
    monitor.update(absent: true, at: Self.start + .milliseconds(101))
    #expect(!monitor.isSeated, "removal counts at once")
  }

  @Test func threeMissesInARowOrOneLongStallEndARun() {
    func note(_ monitor: inout WakeMonitor, _ lateness: Nanoseconds) -> Bool {
      monitor.note(
        lateness: lateness, period: .milliseconds(1), wakeMaximum: .milliseconds(1),
        stallMaximum: .milliseconds(10),
        now: Self.start)
    }
    var monitor = WakeMonitor()
    let miss = Nanoseconds.milliseconds(1) + Nanoseconds(1)
    let verdicts = [
      note(&monitor, miss), note(&monitor, miss), note(&monitor, .milliseconds(1)), note(&monitor, miss),
      note(&monitor, miss), note(&monitor, miss), note(&monitor, .zero), note(&monitor, .milliseconds(10)),
      note(&monitor, .milliseconds(10) + Nanoseconds(1)),
    ]
    #expect(verdicts == [false, false, false, false, false, true, false, false, true])
  }

  @Test func dutyIsTheShareOfTheLastTenMinutes() {
    var duty = DutyMonitor()
    duty.add(.seconds(5), now: Self.start)
    #expect(duty.percent == 1)
    duty.add(.seconds(475), now: Self.start + .seconds(480))
    #expect(duty.percent == 80)
    duty.add(.zero, now: Self.start + .seconds(1_200))
    #expect(duty.percent == 0)
  }

  @Test func aRunEndsAtItsLongestAndAtTheSessionsMotorTime() {
    for limit in [RunEnd.runTime, .motorOn, .duty] {
      var parameters = Rehearsal.machine
      switch limit {
      case .runTime: parameters.ceilings.continuousRun = .milliseconds(100)
      case .motorOn: parameters.ceilings.motorOnPerSession = .milliseconds(100)
      default: parameters.ceilings.dutyPercent = 1
      }
      var bench = ControllerBench(parameters)
      bench.arm()
      bench.press()
      var strokes = 0
      while strokes < 700, bench.passToFire(within: .milliseconds(50)) {
        bench.stroke()
        strokes += 1
      }
      let ends = bench.events.compactMap { if case .runEnded(let end) = $0.kind { end } else { nil } }
      #expect(ends == [limit])
      #expect(bench.faults == [])
      // Duty is rounded up: the first stroke already makes one percent.
      #expect(strokes == (limit == .duty ? 1 : 10), "\(limit.name): \(strokes)")
    }
  }

  @Test func currentAndTemperatureBeyondTheirCeilingsAreFaults() {
    var bench = ControllerBench()
    bench.arm()
    bench.drive.current = Milliamperes(370)
    bench.pass(.milliseconds(300))
    #expect(bench.faults == [])
    bench.drive.current = Milliamperes(800)
    bench.step()
    bench.pass(.milliseconds(100))
    #expect(bench.faults == [], "0.8 A for 100 ms")
    bench.pass(Nanoseconds(1))
    #expect(bench.faults == [.currentExceeded])

    bench = ControllerBench()
    bench.arm()
    bench.drive.current = Milliamperes(801)
    bench.pass(.milliseconds(2))
    #expect(bench.faults == [.currentExceeded])

    bench = ControllerBench()
    bench.arm()
    bench.drive.temperature = .celsius(75)
    bench.pass(.milliseconds(2))
    #expect(bench.faults == [])
    bench.drive.temperature = Decicelsius(751)
    bench.pass(.milliseconds(2))
    #expect(bench.faults == [.motorHot])
  }

  @Test(arguments: [
    (InputSignal.emergencyStopA, false, FaultCode.emergencyStop), (.emergencyStopB, false, .emergencyStop),
    (.guardClosed, false, .guardOpened), (.cartridgeAbsent, true, .cartridgeRemoved),
    (.driveFaultAbsent, false, .driveFault), (.needleHome, false, .needleUnproved),
    (.needleBottom, true, .needleUnproved),
  ])
  func everyInterlockIsAFaultWhileArmed(_ signal: InputSignal, _ high: Bool, _ code: FaultCode) {
    var bench = ControllerBench()
    bench.arm()
    bench.set(signal, high)
    #expect(bench.faults == [code])
    #expect(!bench.fire)
    bench.pass(.milliseconds(21))
    #expect(!bench.torque)
    #expect(bench.state == .fault)
  }

  @Test func aNeedleThatStaysOutIsAFaultAndTorqueGoesAfterTheRetractMaximum() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires = bench.passToFire()
    #expect(fires)
    bench.pass(.microseconds(220))
    bench.set(.needleHome, false)
    let left = bench.now
    while bench.faults.isEmpty, bench.now < left + .milliseconds(100) { bench.pass(.microseconds(50)) }
    #expect(bench.faults == [.dwellExceeded])
    #expect(bench.now - left >= .microseconds(6_200))
    #expect(bench.now - left <= .microseconds(6_260))
    let stopped = bench.now
    while bench.torque { bench.pass(.microseconds(50)) }
    #expect(bench.now - stopped >= .microseconds(19_900))
    #expect(bench.now - stopped <= .microseconds(20_100))
    #expect(bench.faults.contains(.needleUnproved))
  }

  @Test func aStrokeThatNeverLeavesHomeIsAStallAfterTwoPeriods() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires = bench.passToFire()
    #expect(fires)
    let started = bench.now
    while bench.faults.isEmpty, bench.now < started + .milliseconds(100) { bench.pass(.microseconds(50)) }
    #expect(bench.faults == [.needleStalled])
    #expect(bench.now - started >= .milliseconds(20))
    #expect(bench.now - started <= .microseconds(20_060))
  }

  @Test func theFirstStepAfterAStallRenewsNoWatchdog() {
    var bench = ControllerBench()
    bench.arm()
    let before = bench.actuation.outputs.isHigh(.watchdog)
    bench.now += .milliseconds(150)
    bench.step()
    #expect(bench.actuation.outputs.isHigh(.watchdog) == before)
    #expect(!bench.torque)
  }

  @Test func armingWaitsForTheTorqueFeedbackAndFaultsWithoutIt() {
    var bench = ControllerBench()
    bench.arm()
    bench.step(command: .disarm)
    bench.pass(.milliseconds(50))
    bench.drive.referenced = false
    bench.step(command: .arm)
    let started = bench.now
    while bench.now < started + .milliseconds(25) {
      bench.now += .milliseconds(1)
      bench.step()
      #expect(bench.state == .arming)
      #expect(!bench.drive.referenced, "the axis is not told to move without torque")
    }
    bench.now += .milliseconds(1)
    bench.step()
    #expect(bench.faults == [.torqueFeedback])
    #expect(!bench.torque)
  }

  @Test func aSelfTestWithoutTorqueFeedbackFails() {
    var bench = ControllerBench()
    bench.step()
    let started = bench.now
    while bench.now < started + .milliseconds(100), bench.faults.isEmpty {
      bench.now = bench.actuation.deadline
      bench.step()
    }
    #expect(bench.faults == [.torqueFeedback])
    #expect(!bench.controller.status.selfTestPassed)
    #expect(bench.now - started <= .milliseconds(50), "four pulses of 5 ms, then 25 ms for the feedback")
  }
}
