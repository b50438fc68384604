import NeedleSafety
import StrokeControl
import Testing
import Units

/// Histories found by reading the controller as an adversary; each broke a rule once.
@Suite struct AdversaryTests {
  @Test func aPedalContactThatFlickersDoesNotRestartARun() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires1 = bench.passToFire()
    #expect(fires1)
    bench.stroke()
    bench.set(.pedalNormallyOpen, false)
    bench.set(.pedalNormallyOpen, true)
    #expect(bench.state == .armed, "a contact that opens ends the run at once")
    let fires2 = bench.passToFire()
    #expect(!fires2, "no restart without a release")
    bench.release()
    bench.pass(.milliseconds(30))
    bench.press()
    let fires3 = bench.passToFire()
    #expect(fires3, "a release and a fresh press start one")
  }

  @Test func aPressThatBeganWhileArmingStartsNothing() {
    var bench = ControllerBench()
    bench.arm()
    bench.step(command: .disarm)
    bench.pass(.milliseconds(50))
    bench.step(command: .arm)
    bench.set(.pedalNormallyClosed, false)
    bench.set(.pedalNormallyOpen, true)
    bench.pass(.milliseconds(10))
    #expect(bench.state == .armed, "armed before the press is debounced")
    let fires4 = bench.passToFire()
    #expect(!fires4)
  }

  @Test func aFaultAcknowledgedInTheMiddleOfItsStopHasAWayOut() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires5 = bench.passToFire()
    #expect(fires5)
    bench.pass(.microseconds(220))
    bench.set(.needleHome, false)
    bench.set(.guardClosed, false)
    bench.set(.guardClosed, true)
    #expect(bench.state == .stopping)
    bench.step(command: .acknowledge(.guardOpened))
    bench.pass(.milliseconds(2))
    bench.set(.needleHome, true)
    bench.pass(.milliseconds(100))
    #expect(bench.state == .fault)
    #expect(bench.faults == [.guardOpened])
    bench.step(command: .acknowledge(.guardOpened))
    #expect(bench.state == .standby)
  }

  @Test func outputsFoundHighAreAFaultThoughAnotherOneComesFirst() {
    var bench = ControllerBench()
    bench.outputFailed = true
    bench.step(outputsFoundHigh: true)
    bench.outputFailed = false
    bench.step()
    #expect(bench.faults == [.outputWrite, .selfTest])
  }

  @Test func aPedalDownAtPowerUpIsAFaultThoughTheFirstReadingFails() {
    var bench = ControllerBench()
    bench.levels.set(.pedalNormallyOpen, high: true)
    bench.levels.set(.pedalNormallyClosed, high: false)
    bench.inputFailed = true
    bench.step()
    bench.inputFailed = false
    bench.pass(.milliseconds(50))
    #expect(bench.faults.contains(.pedalDownAtPowerUp), "\(bench.faults)")
  }

  @Test func aDriveFoundMovingIsAFaultInEveryState() {
    var bench = ControllerBench()
    bench.step()
    bench.pass(.seconds(1))
    #expect(bench.state == .standby)
    bench.drive.foundMoving = true
    bench.step()
    #expect(bench.faults == [.driveMoving])
    #expect(bench.state == .fault)
  }

  @Test func aNeedleThatLeavesHomeAndReturnsBetweenTwoWakesIsAFault() {
    var bench = ControllerBench()
    bench.arm()
    bench.now += .microseconds(500)
    bench.step([
      Edge(signal: .needleHome, rising: false, at: bench.now - .microseconds(400)),
      Edge(signal: .needleHome, rising: true, at: bench.now - .microseconds(100)),
    ])
    #expect(bench.faults == [.needleUnproved])
  }

  @Test(arguments: [
    (InputSignal.emergencyStopA, true, FaultCode.emergencyStop), (.emergencyStopB, true, .emergencyStop),
    (.guardClosed, true, .guardOpened), (.cartridgeAbsent, false, .cartridgeRemoved),
    (.driveFaultAbsent, true, .driveFault),
  ])
  func anInterlockThatOpensAndClosesBetweenTwoWakesIsAFault(
    _ signal: InputSignal, _ closed: Bool, _ code: FaultCode
  ) {
    var bench = ControllerBench()
    bench.arm()
    bench.now += .microseconds(500)
    bench.step([
      Edge(signal: signal, rising: !closed, at: bench.now - .microseconds(400)),
      Edge(signal: signal, rising: closed, at: bench.now - .microseconds(399)),
    ])
    #expect(bench.faults == [code])
  }

  @Test func noStrokeStartsWhileTheTorqueFeedbackIsLow() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires6 = bench.passToFire()
    #expect(fires6)
    bench.stroke()
    // The external watchdog took torque away for a moment: within the 25 ms that the feedback may differ.
    bench.step([Edge(signal: .torqueFeedback, rising: false, at: bench.now)])
    let end = bench.now + .milliseconds(20)
    while bench.now < end {
      bench.now += .milliseconds(1)
      bench.step()
      #expect(!bench.fire)
    }
    let fires7 = bench.passToFire()
    #expect(fires7, "with the feedback back, strokes go on")
  }

  @Test func pressesFasterThanTheDotRateCeilingDoNotRaiseTheDotRate() {
    var settings = Rehearsal.soft
    settings.mode = .dot
    settings.strokesPerDot = 1
    var bench = ControllerBench()
    bench.arm(settings)
    for _ in 1...6 {
      bench.press()
      let end = bench.now + .milliseconds(120)
      while bench.now < end, bench.state != .armed || bench.controller.status.pedalPressed == false {
        bench.pass(.milliseconds(1))
        if bench.fire { bench.stroke() }
      }
      bench.release()
      bench.pass(.milliseconds(4))
    }
    let starts = bench.dots.map(\.startedAt)
    #expect(starts.count >= 3, "\(starts.count)")
    for (first, second) in zip(starts, starts.dropFirst()) {
      #expect(second - first >= .milliseconds(100), "10 Hz is the ceiling")
    }
  }

  @Test func aDotThatLateWakesStretchEndsWithinItsTime() {
    var settings = Rehearsal.soft
    settings.mode = .dot
    settings.strokesPerDot = 20
    var bench = ControllerBench()
    bench.arm(settings)
    bench.press()
    var strokes = 0
    while strokes < 20, bench.passToFire(within: .milliseconds(100)) {
      bench.stroke()
      strokes += 1
      bench.now += .milliseconds(15)
      bench.followTorque()
    }
    bench.pass(.milliseconds(50))
    let dot = bench.dots.first
    #expect((dot?.duration ?? .forever) <= .milliseconds(254))
    #expect((dot?.strokes ?? 20) < 20)
  }

  @Test func aZoneThatLandsInAContinuousRunBeginsANewDot() {
    var settings = Rehearsal.soft
    settings.strokesPerDot = 5
    var bench = ControllerBench()
    bench.arm(settings)
    bench.press()
    for _ in 1...2 {
      let fires8 = bench.passToFire()
      #expect(fires8)
      bench.stroke()
    }
    bench.step(command: .zone(ZoneGrant(zone: .nape, depthGroup: .shallow, dotsRemaining: 100)))
    for _ in 1...5 {
      let fires9 = bench.passToFire()
      #expect(fires9)
      bench.stroke()
    }
    bench.pass(.milliseconds(1))
    #expect(bench.strokes.map(\.zone) == [.hairline, .hairline] + Array(repeating: Zone.nape, count: 5))
    #expect(bench.dots.map(\.strokes) == [2, 5])
  }

  @Test func aSlowerProfileHoldsFromTheFirstStrokeAfterItLands() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires10 = bench.passToFire()
    #expect(fires10)
    bench.stroke()
    var slower = Rehearsal.soft
    slower.rate = .hertz(50)
    var ceilings = Ceilings.absolute
    ceilings.strokeRate = .hertz(50)
    bench.step(command: .settings(SettingsGrant(version: 2, settings: slower, ceilings: ceilings)))
    let fires11 = bench.passToFire()
    #expect(fires11)
    bench.stroke()
    #expect(bench.faults == [])
    #expect(bench.strokes.map(\.startedAt)[1] - bench.strokes.map(\.startedAt)[0] == .milliseconds(20))
  }

  @Test func nonsenseFromTheControlPlaneStopsNoLoop() {
    var bench = ControllerBench()
    bench.step(command: .session(SessionGrant(nextStroke: 0, nextDot: 0, motorOnUsed: .seconds(-5))))
    #expect(bench.controller.status.strokes == 0)
    #expect(bench.controller.status.motorOnUsed == .zero)
    bench.step(command: .session(SessionGrant(nextStroke: .max, nextDot: .max, motorOnUsed: .zero)))
    var settings = Rehearsal.soft
    settings.dwell = .forever
    bench.step(command: .settings(SettingsGrant(version: 1, settings: settings, ceilings: .absolute)))
    settings = Rehearsal.soft
    settings.rate = Millihertz(1)
    settings.strokesPerDot = .max
    bench.step(command: .settings(SettingsGrant(version: 2, settings: settings, ceilings: .absolute)))
    #expect(bench.controller.status.settings == nil)
  }

  @Test func aFailingWriteCannotBeAcknowledgedAway() {
    var bench = ControllerBench()
    bench.step()
    bench.pass(.seconds(1))
    bench.outputFailed = true
    bench.step()
    bench.step(command: .acknowledge(.outputWrite))
    #expect(bench.faults == [.outputWrite])
    bench.outputFailed = false
    bench.step(command: .acknowledge(.outputWrite))
    #expect(bench.faults == [])
  }

  @Test func noChannelOfSafeTorqueOffIsPulsedForLongerThanFiftyMilliseconds() {
    // A feedback that takes 24 ms each way, the slowest that is allowed.
    var bench = ControllerBench()
    bench.step()
    var onSince: [OutputSignal: Instant] = [:]
    var longest = Nanoseconds.zero
    var follows = bench.now
    while bench.now < Instant(sinceBoot: .seconds(11)) {
      bench.now += .milliseconds(1)
      let both = bench.givesTorque
      if both == bench.levels.isHigh(.torqueFeedback) { follows = bench.now }
      if bench.now - follows >= .milliseconds(24) { bench.levels.set(.torqueFeedback, high: both) }
      bench.step()
      for channel in [OutputSignal.torqueEnableA, .torqueEnableB] {
        if bench.actuation.outputs.isHigh(channel) {
          if onSince[channel] == nil { onSince[channel] = bench.now }
        } else if let since = onSince.removeValue(forKey: channel) {
          longest = max(longest, bench.now - since)
        }
      }
    }
    #expect(bench.controller.status.selfTestPassed)
    #expect(longest <= .milliseconds(50), "\(longest.count) ns")
  }

  @Test(arguments: [(Nanoseconds.milliseconds(50), true), (.milliseconds(50) + Nanoseconds(1), false)])
  func aSelfTestWhoseChannelAStallHeldForLongerThanFiftyMillisecondsIsNotPassed(
    _ stall: Nanoseconds, _ passes: Bool
  ) {
    var bench = ControllerBench()
    bench.step()
    while !bench.torque { bench.pass(Nanoseconds(1)) }
    bench.now += stall
    bench.step()
    bench.pass(.seconds(1))
    #expect(bench.controller.status.selfTestPassed == passes)
    #expect(!bench.torque)
  }

  @Test func aDriftedDepthAxisIsFoundBeforeTheNeedleGoesOut() {
    var bench = ControllerBench()
    bench.arm()
    bench.drive.depth = Micrometres(700)
    bench.press()
    let fires12 = bench.passToFire()
    #expect(!fires12)
    #expect(bench.faults == [.depthDeviation])
  }

  @Test func aStrokeThatTheOneShotWouldCutIsRefused() {
    // The settings hold FIRE high for 4 ms.
    for (oneShot, isTaken) in [(Nanoseconds(3_999_999), false), (.milliseconds(4), true)] {
      var parameters = Rehearsal.machine
      parameters.fireOneShot = oneShot
      var bench = ControllerBench(parameters)
      bench.arm()
      #expect((bench.controller.status.settings != nil) == isTaken, "one-shot of \(oneShot)")
      #expect((bench.state == .armed) == isTaken, "one-shot of \(oneShot)")
    }
  }

  @Test func aLeaseLongerThanTheCeilingIsHeldToIt() {
    var parameters = Rehearsal.machine
    parameters.lease = .seconds(10)
    parameters.stallMaximum = .seconds(10)
    var bench = ControllerBench(parameters)
    bench.arm()
    bench.now += .milliseconds(251)
    bench.step()
    #expect(bench.faults == [.loopStalled])
    #expect(!bench.torque)
  }

  @Test func aReleaseCutsTheStrokeThoughTheRunIsEndingAlready() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires = bench.passToFire()
    #expect(fires)
    bench.step(command: .recordFailing)
    bench.set(.pedalNormallyOpen, false)
    #expect(!bench.fire)
  }

  @Test func aReleaseInTheVeryStepInWhichAStrokeIsDueFiresNone() {
    var bench = ControllerBench()
    bench.arm()
    bench.press()
    let fires = bench.passToFire()
    #expect(fires)
    let due = bench.now + .milliseconds(10)
    bench.stroke()
    while bench.now < due - .microseconds(100) { bench.pass(.microseconds(100)) }
    bench.now = due
    bench.set(.pedalNormallyOpen, false)
    #expect(!bench.fire)
    #expect(bench.strokes.count == 1)
  }
}
