import NeedleSafety
import StrokeControl
import Testing
import Units

/// The figures of the product's tables, written out once more, and what each row of them makes the controller do.
@Suite struct TableTests {
  @Test func everyAbsoluteCeilingIsTheTablesFigure() {
    let ceilings = Ceilings.absolute
    #expect(ceilings.strokeRate == .hertz(150))
    #expect(ceilings.depthShallow == Micrometres(1_000))
    #expect(ceilings.depthDeep == Micrometres(1_350))
    #expect(ceilings.depthBench == Micrometres(2_000))
    #expect(ceilings.dwell == .milliseconds(10))
    #expect(ceilings.dwellPercentOfPeriod == 60)
    #expect(ceilings.minimumOffTime == .zero, "the machine's own")
    #expect(ceilings.strokesPerDot == 25)
    #expect(ceilings.dotDuration == .milliseconds(250))
    #expect(ceilings.dotRate == .hertz(10))
    #expect(ceilings.stall == .milliseconds(50))
    #expect(ceilings.continuousRun == .seconds(120))
    #expect(ceilings.dutyPercent == 80)
    #expect(ceilings.motorOnPerSession == .hours(4))
    #expect(ceilings.dotsPerSquareCentimetre == 80)
    #expect(ceilings.currentContinuous == Milliamperes(370))
    #expect(ceilings.currentPeak == Milliamperes(800))
    #expect(ceilings.currentPeakDuration == .milliseconds(100))
    #expect(ceilings.motorCase == .celsius(75))
    #expect(ceilings.lease == .milliseconds(250))
  }

  @Test func everyFilterIsTheTablesFigure() {
    #expect(SignalTiming.emergencyStopDisagreement == .milliseconds(200))
    #expect(SignalTiming.torqueFollow == .milliseconds(25))
    #expect(SignalTiming.torquePulse == .milliseconds(50))
    #expect(SignalTiming.torqueProofHold == .milliseconds(5))
    #expect(SignalTiming.torqueProofInterval == .hours(24))
    #expect(SignalTiming.pedalPress == .milliseconds(20))
    #expect(SignalTiming.pedalDisagreement == .milliseconds(100))
    #expect(SignalTiming.cartridgeInsert == .milliseconds(100))
    #expect(DutyMonitor.window == .minutes(10))
  }

  @Test func everyCeilingIsTightenedByTheOther() {
    let changes: [(inout Ceilings) -> Void] = [
      { $0.strokeRate = .hertz(149) }, { $0.depthShallow = Micrometres(999) },
      { $0.depthDeep = Micrometres(999) }, { $0.depthBench = Micrometres(999) },
      { $0.dwell = .milliseconds(9) }, { $0.dwellPercentOfPeriod = 59 },
      { $0.minimumOffTime = .milliseconds(1) }, { $0.strokesPerDot = 24 },
      { $0.dotDuration = .milliseconds(249) }, { $0.dotRate = .hertz(9) }, { $0.stall = .milliseconds(49) },
      { $0.continuousRun = .seconds(119) }, { $0.dutyPercent = 79 }, { $0.motorOnPerSession = .hours(3) },
      { $0.dotsPerSquareCentimetre = 79 }, { $0.currentContinuous = Milliamperes(369) },
      { $0.currentPeak = Milliamperes(799) }, { $0.currentPeakDuration = .milliseconds(99) },
      { $0.motorCase = .celsius(74) }, { $0.lease = .milliseconds(249) },
    ]
    for (index, change) in changes.enumerated() {
      var tight = Ceilings.absolute
      change(&tight)
      #expect(tight != .absolute, "change \(index) changes nothing")
      #expect(Ceilings.tightest(.absolute, tight) == tight, "change \(index)")
      #expect(Ceilings.tightest(tight, .absolute) == tight, "change \(index)")
    }
  }

  // MARK: Outputs

  /// The changes of one output while time passes, in steps of a millisecond.
  private static func changes(
    of signal: OutputSignal, _ bench: inout ControllerBench, in stretch: Nanoseconds
  )
    -> Int
  {
    var changes = 0
    let end = bench.now + stretch
    while bench.now < end {
      let before = bench.actuation.outputs.isHigh(signal)
      bench.pass(.milliseconds(1))
      if bench.actuation.outputs.isHigh(signal) != before { changes += 1 }
    }
    return changes
  }

  @Test func theWatchdogLineChangesEveryPeriod() {
    var bench = ControllerBench()
    bench.arm()
    #expect(Self.changes(of: .watchdog, &bench, in: .milliseconds(100)) == 100, "1 ms while armed")
    bench.step(command: .disarm)
    bench.pass(.milliseconds(100))
    #expect(bench.state == .standby)
    #expect(Self.changes(of: .watchdog, &bench, in: .milliseconds(100)) == 10, "10 ms in standby")
  }

  @Test func lampsAndBeeperSayHowUrgentAFaultIs() {
    var bench = ControllerBench()
    bench.arm()
    bench.set(.emergencyStopA, false)
    bench.set(.emergencyStopB, false)
    #expect(Self.changes(of: .ledRed, &bench, in: .seconds(4)) == 16, "high: 2 Hz, within 1.4 to 2.8 Hz")
    #expect(Self.changes(of: .beeper, &bench, in: .seconds(4)) == 16)
    #expect(Self.changes(of: .ledYellow, &bench, in: .seconds(4)) == 0)

    bench = ControllerBench()
    bench.arm()
    bench.set(.guardClosed, false)
    #expect(
      Self.changes(of: .ledYellow, &bench, in: .seconds(8)) == 8, "medium: 0.5 Hz, within 0.4 to 0.8 Hz")
    #expect(Self.changes(of: .beeper, &bench, in: .seconds(4)) == 0)

    bench = ControllerBench()
    bench.arm()
    bench.set(.cartridgeAbsent, true)
    #expect(Self.changes(of: .ledCyan, &bench, in: .seconds(4)) == 0, "low: steady")
    #expect(bench.actuation.outputs.isHigh(.ledCyan))
  }

  // MARK: Signals that disagree, and a drive that is gone

  @Test func equalPedalContactsAreAFaultAfter100Milliseconds() {
    var bench = ControllerBench()
    bench.arm()
    let start = bench.now
    bench.set(.pedalNormallyClosed, false)
    while bench.faults.isEmpty, bench.now < start + .seconds(1) { bench.pass(.microseconds(100)) }
    #expect(bench.faults == [.pedalDisagreement])
    #expect(bench.now == start + .milliseconds(100))
  }

  @Test func differentEmergencyStopContactsAreAFaultAfter200MillisecondsInStandbyToo() {
    var bench = ControllerBench()
    bench.arm()
    bench.step(command: .disarm)
    bench.pass(.milliseconds(100))
    let start = bench.now
    bench.set(.emergencyStopB, false)
    while bench.faults.isEmpty, bench.now < start + .seconds(1) { bench.pass(.microseconds(100)) }
    #expect(bench.faults == [.emergencyStopDisagreement])
    #expect(bench.now - start > .milliseconds(200))
    #expect(bench.now - start <= .microseconds(200_100))
  }

  @Test func aDriveThatIsGoneOrRefusesIsAFaultAndEndsTheRun() {
    for change in [{ (drive: inout DriveFeedback) in drive.link = .down }, { $0.rejected = true }] {
      var bench = ControllerBench()
      bench.arm()
      bench.press()
      let fires = bench.passToFire()
      #expect(fires)
      change(&bench.drive)
      bench.step()
      #expect(bench.faults == [.driveLink])
      #expect(!bench.fire)
    }
  }

  @Test func inputsThatCannotBeReadDropTorqueAtOnce() {
    var bench = ControllerBench()
    bench.arm()
    bench.inputFailed = true
    bench.step()
    #expect(bench.faults == [.inputLost])
    #expect(!bench.torque)
  }

  // MARK: Arming

  /// What a machine lacks that is ready but for one thing.
  private static func lacks(
    _ parameters: MachineParameters = Rehearsal.machine, vouched: ArmConditions = .controlPlane,
    _ change: (inout ControllerBench) -> Void = { _ in }
  ) -> [ArmCondition] {
    var bench = ControllerBench(parameters)
    bench.step()
    bench.pass(.seconds(1))
    bench.step(command: .session(SessionGrant(nextStroke: 1, nextDot: 1, motorOnUsed: .zero)))
    bench.step(command: .zone(ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000)))
    bench.step(command: .settings(SettingsGrant(version: 1, settings: Rehearsal.soft, ceilings: .absolute)))
    bench.step(command: .vouch(vouched))
    bench.pass(.milliseconds(150))
    change(&bench)
    bench.step(command: .arm)
    for event in bench.events.reversed() {
      if case .commandDone(_, .unmet(let conditions)) = event.kind { return conditions.list }
    }
    return []
  }

  @Test func aMachineThatLacksNothingArms() { #expect(Self.lacks() == []) }

  @Test func eachConditionOfArmingIsNamedWhenItAloneIsUnmet() {
    #expect(Self.lacks { $0.set(.emergencyStopA, false) } == [.emergencyStopClosed])
    #expect(Self.lacks { $0.set(.emergencyStopB, false) } == [.emergencyStopClosed])
    #expect(Self.lacks { $0.set(.guardClosed, false) } == [.guardClosed])
    #expect(Self.lacks { $0.set(.cartridgeAbsent, true) } == [.cartridgePresent])
    #expect(Self.lacks { $0.press() } == [.pedalReleased])
    #expect(Self.lacks { $0.set(.needleHome, false) } == [.needleHome])
    #expect(Self.lacks { $0.set(.needleBottom, true) } == [.needleHome])
    #expect(Self.lacks { $0.drive.link = .configuring } == [.driveLink])
    #expect(Self.lacks { $0.drive.limitsVerified = false } == [.driveLimits])
    let fault = Self.lacks {
      $0.drive.foundMoving = true
      $0.step()
      $0.drive.foundMoving = false
    }
    #expect(fault == [.noFault])
    let late = Self.lacks {
      $0.now = $0.actuation.deadline + .milliseconds(21)
      $0.step()
    }
    #expect(late == [.wakeLatency], "one wake in a few hundred was later than wake_max")
    for condition in [ArmCondition.session, .zone, .profile, .cartridge, .pigment, .recordWritable, .clock] {
      var vouched = ArmConditions.controlPlane
      vouched.set(condition, false)
      #expect(Self.lacks(vouched: vouched) == [condition])
    }
  }

  @Test func whatABoardCannotDoWithoutIsUnmetUntilItIsVerified() {
    var parameters = Rehearsal.machine
    parameters.waived = []
    #expect(Self.lacks(parameters) == [])
    for condition in [ArmCondition.fireOneShot, .calibration, .realTime] {
      var vouched = ArmConditions.controlPlane
      vouched.set(condition, false)
      #expect(Self.lacks(parameters, vouched: vouched) == [condition])
      #expect(Self.lacks(vouched: vouched) == [], "waived on this machine")
    }
  }

  @Test func theProofOfSafeTorqueOffHoldsFor24Hours() {
    func lacksAfter(_ age: Nanoseconds) -> [ArmCondition] {
      Self.lacks { bench in
        let proved = bench.events.last { if case .selfTestPassed = $0.kind { true } else { false } }
        guard let proved else { return }
        bench.now = proved.at + age - .seconds(12)
        bench.step()
        // The one late wake is forgotten after ten seconds.
        bench.pass(proved.at + age - bench.now)
      }
    }
    #expect(lacksAfter(.hours(24)) == [])
    #expect(lacksAfter(.hours(24) + Nanoseconds(1)) == [.torqueProof])
  }

  @Test func aSelfTestThatWasPutOffIsUnmet() {
    var bench = ControllerBench()
    bench.levels.set(.emergencyStopA, high: false)
    bench.levels.set(.emergencyStopB, high: false)
    bench.step()
    bench.pass(.seconds(1))
    let unmet = bench.controller.status.unmet
    #expect(unmet.has(.selfTest) && unmet.has(.torqueProof))
  }

  @Test func oneWakeInAThousandMayBeLate() {
    func allows(late: Int, of wakes: Int) -> Bool {
      var monitor = WakeMonitor()
      for wake in 0..<wakes {
        let lateness: Nanoseconds = wake < late ? .milliseconds(1) + Nanoseconds(1) : .milliseconds(1)
        _ = monitor.note(
          lateness: lateness, period: .milliseconds(10), wakeMaximum: .milliseconds(1),
          stallMaximum: .milliseconds(100), now: Instant(sinceBoot: .seconds(5)))
      }
      return monitor.allowsArming(lookingBack: 9)
    }
    #expect(!allows(late: 0, of: 0), "nothing is known")
    #expect(allows(late: 0, of: 1))
    #expect(!allows(late: 1, of: 999))
    #expect(allows(late: 1, of: 1_000))
    #expect(!allows(late: 2, of: 1_999))
  }
}
