import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// A rotary machine: one revolution is one stroke, told by the home sensor; the drive turns the cam.
@Suite struct RotaryTests {
  @Test func aPressTurnsTheCamAtTheSetRateAndEachRevolutionIsAStroke() {
    var bench = RotaryBench()
    bench.arm()
    #expect(bench.state == .armed)
    bench.press()
    bench.pass(.seconds(1))
    #expect(bench.state == .running)
    let steady = bench.strokes.dropFirst(10)
    #expect(steady.count > 80)
    #expect(steady.allSatisfy { $0.period.map { ($0 - .milliseconds(10)).count.magnitude <= 2 } ?? false })
    #expect(bench.strokes.map(\.sequence) == Array(1...UInt64(bench.strokes.count)))
    #expect(bench.faults.isEmpty)
  }

  // acos(1 − 2 · 0.5/3) / π of 10 ms: 26.77 %.
  @Test func theDwellOfARevolutionIsTheTimePastTheNose() throws {
    var bench = RotaryBench()
    bench.run(for: .seconds(1))
    let stroke = try #require(bench.strokes.last)
    let truth = try #require(bench.truth.strokes.newest)
    #expect(abs((stroke.timeOut ?? .zero).count - 2_677_000) < 1_000)
    #expect(abs((stroke.timeOut ?? .zero).count - truth.timePastNose.count) < 1_000)
  }

  @Test func aReleaseBrakesTheNeedleAtHome() {
    var bench = RotaryBench()
    bench.run(for: .seconds(1))
    bench.release()
    let released = bench.now
    #expect(bench.pass(upTo: .milliseconds(200)) { $0.state == .armed })
    #expect(bench.now - released <= .milliseconds(100))
    #expect(bench.handpiece.isNeedleHome)
    #expect(bench.handpiece.camRate == .zero)
    #expect(bench.status.needle == .home)
    bench.pass(.seconds(1))
    #expect(bench.handpiece.isNeedleHome)
    #expect(bench.faults.isEmpty)
    #expect(bench.runEnds == [.pedalReleased])
    #expect(bench.truth.strokes.total == bench.strokes.count)
  }

  @Test func everyRateAndInstantOfAReleaseEndsAtHome() {
    for hertz in [Int32(40), 60, 80, 100, 120, 150] {
      for offset in stride(from: Int64(0), to: 10, by: 1) {
        var bench = RotaryBench()
        var settings = RotaryBench.soft
        settings.rate = .hertz(hertz)
        bench.run(settings, for: .milliseconds(400) + .milliseconds(offset))
        bench.release()
        bench.pass(.milliseconds(150))
        #expect(
          bench.state == .armed && bench.handpiece.isNeedleHome && bench.faults.isEmpty,
          "\(hertz) Hz, released \(offset) ms into a revolution: \(bench.state), \(bench.faults)")
        #expect(bench.truth.strokes.total == bench.strokes.count)
      }
    }
  }

  @Test func anEmergencyStopTakesTorqueAndTheNeedleCoasts() {
    var bench = RotaryBench()
    bench.run(for: .seconds(1))
    bench.perform { $0.emergencyStop(open: true) }
    bench.pass(.milliseconds(5))
    #expect(!bench.handpiece.isTorqueOn)
    #expect(bench.state == .fault)
    #expect(bench.faults.contains(.emergencyStop))
    #expect(bench.status.needle == .out)
    bench.pass(.seconds(1))
    // What it made on its way to rest is recorded, and where it rests is not called home without the sensor.
    let isHome = bench.handpiece.isNeedleHome
    #expect(bench.status.needle == (isHome ? .home : .unproved))
    #expect(bench.faults.contains(.needleUnproved) == !isHome)
    let unfinished = isHome ? 0 : 1
    #expect(bench.truth.strokes.total + unfinished == bench.strokes.count)
  }

  @Test func aNeedleThatRestsOutIsBroughtHomeOnRequestAndOnlyThenAcknowledged() throws {
    var bench = try leftOut()
    bench.step(command: .acknowledge(.needleUnproved))
    guard case .causeRemains = try #require(bench.outcomes.last) else {
      Issue.record("acknowledged with the needle out: \(bench.outcomes)")
      return
    }
    bench.step(command: .home)
    #expect(bench.state == .calibrating)
    #expect(bench.pass(upTo: .milliseconds(500)) { $0.state == .fault })
    #expect(bench.handpiece.isNeedleHome)
    #expect(!bench.handpiece.isTorqueOn)
    #expect(bench.status.needle == .home)
    bench.step(command: .acknowledge(.needleUnproved))
    bench.step(command: .acknowledge(.emergencyStop))
    #expect(bench.state == .standby)
  }

  @Test func aCartridgePulledAsksForTheStopWithinItsStepAndTorqueGoesWhenTheNeedleIsHome() throws {
    var bench = RotaryBench()
    bench.run(for: .seconds(1))
    bench.perform { $0.cartridge(seated: false) }
    bench.pass(.milliseconds(2))
    #expect(bench.faults == [.cartridgeRemoved])
    #expect(try #require(bench.spins.last).rate == .hertz(20))
    #expect(bench.state == .stopping)
    #expect(bench.pass(upTo: .milliseconds(100)) { !$0.handpiece.isTorqueOn })
    #expect(bench.handpiece.isNeedleHome)
    bench.pass(.seconds(1))
    #expect(bench.handpiece.isNeedleHome)
    #expect(bench.faults == [.cartridgeRemoved])
  }

  @Test func aMotorThatHearsNothingLosesTorqueAfterRetractMaximum() {
    var bench = RotaryBench()
    bench.run(for: .seconds(1))
    bench.isDeaf = true
    bench.step(stop: true)
    let stopped = bench.now
    #expect(bench.pass(upTo: .milliseconds(200)) { $0.state == .fault })
    #expect(bench.now - stopped <= .milliseconds(100))
    #expect(bench.faults.contains(.needleUnproved) || bench.faults.contains(.spinTransition))
    bench.pass(.milliseconds(1))
    #expect(!bench.handpiece.isTorqueOn)
  }

  @Test func aRateAboveTheCeilingIsAFaultInThatStroke() throws {
    var bench = RotaryBench()
    bench.tellsRate = false
    var settings = RotaryBench.soft
    settings.rate = .hertz(140)
    bench.run(settings, for: .milliseconds(500))
    #expect(bench.faults.isEmpty)
    let before = bench.truth.strokes.total
    bench.perform { $0.inject(.camSpeed(percent: 125), after: .zero) }
    #expect(bench.pass(upTo: .milliseconds(100)) { !$0.faults.isEmpty })
    #expect(bench.faults == [.strokeRateExceeded])
    #expect(try #require(bench.strokes.last).breach == .strokeRate)
    // 140 Hz runs up to 175 Hz in 7 ms: in the first or second stroke after it.
    #expect(bench.truth.strokes.total - before <= 3)
  }

  @Test func aRateThatTheDriveItselfReportsIsAFaultWithoutAnEdge() {
    var bench = RotaryBench()
    bench.arm()
    // A twentieth above the ceiling of 150 Hz is 157.5 Hz.
    bench.toldRate = Millihertz(157_500)
    bench.pass(.milliseconds(20))
    #expect(bench.faults.isEmpty)
    bench.toldRate = Millihertz(157_501)
    bench.pass(.milliseconds(2))
    #expect(bench.faults == [.strokeRateExceeded])
  }

  @Test func aSlowCamIsADwellFaultWhileTheNeedleIsStillOut() {
    var bench = RotaryBench()
    var settings = RotaryBench.soft
    settings.rate = .hertz(60)
    settings.depth = Micrometres(900)
    bench.run(settings, for: .milliseconds(500))
    #expect(bench.faults.isEmpty)
    // 60 % of 60 Hz is 36 Hz: 27.8 ms at 36.9 % is 10.3 ms, above the ceiling of 10 ms by more than the tolerance.
    bench.perform { $0.inject(.camSpeed(percent: 58), after: .zero) }
    #expect(bench.pass(upTo: .milliseconds(200)) { !$0.faults.isEmpty })
    #expect(bench.faults == [.dwellExceeded])
    #expect(!bench.handpiece.isNeedleHome)
  }

  @Test func aJammedCamHasStalled() {
    var bench = RotaryBench()
    bench.run(for: .milliseconds(500))
    let jammed = bench.now
    bench.perform { $0.inject(.needleJammed, after: .zero) }
    #expect(bench.pass(upTo: .milliseconds(100)) { !$0.faults.isEmpty })
    #expect(bench.faults.first == .needleStalled || bench.faults.first == .dwellExceeded)
    #expect(bench.now - jammed <= .milliseconds(21))
  }

  @Test func aCamThatStandsAtHomeHasStalledAfterTwoPeriods() throws {
    var bench = RotaryBench()
    bench.run(for: .milliseconds(500))
    #expect(bench.pass(upTo: .milliseconds(20)) { $0.handpiece.isNeedleHome })
    bench.perform { $0.inject(.needleJammed, after: .zero) }
    bench.pass(.milliseconds(100))
    let fault = try #require(bench.latched.first)
    #expect(fault.code == .needleStalled)
    #expect(fault.limit == Nanoseconds.milliseconds(20).count)
    #expect(fault.value == Nanoseconds.milliseconds(20).count + 1)
  }

  @Test func aCamThatDoesNotStartHasStalledAfterItsTransitionTime() {
    var bench = RotaryBench()
    bench.arm()
    bench.perform { $0.inject(.needleJammed, after: .zero) }
    bench.press()
    bench.pass(.milliseconds(30))
    #expect(bench.faults.isEmpty)
    bench.pass(.milliseconds(110))
    #expect(bench.faults.first == .needleStalled)
  }

  @Test func aCamThatDoesNotReachItsRateIsAFaultOfTheTransition() {
    var bench = RotaryBench()
    bench.arm()
    bench.perform { $0.inject(.camSpeed(percent: 70), after: .zero) }
    bench.press()
    #expect(bench.pass(upTo: .milliseconds(300)) { !$0.faults.isEmpty })
    #expect(bench.faults.first == .spinTransition)
  }

  @Test func aCamThatTurnsSixTimesWithoutItsRateIsAFaultBeforeItsTimeIsOver() throws {
    var bench = RotaryBench()
    var settings = RotaryBench.soft
    settings.rate = .hertz(140)
    bench.arm(settings)
    // 98 Hz: the seventh revolution begins 85 ms after the start, of the 100 ms that the transition may take.
    bench.perform { $0.inject(.camSpeed(percent: 70), after: .zero) }
    bench.press()
    #expect(bench.pass(upTo: .milliseconds(300)) { !$0.faults.isEmpty })
    let fault = try #require(bench.latched.first)
    #expect(fault.code == .spinTransition)
    #expect(fault.value == 7)
    #expect(fault.limit == 6)
  }

  @Test func aBudgetIsNeverExceededThoughTheCamHasToSpinDown() {
    for dots in Int64(8)...14 {
      var bench = RotaryBench()
      bench.arm(dots: dots)
      bench.press()
      bench.pass(.seconds(1))
      #expect(bench.state == .armed)
      #expect(bench.runEnds == [.zoneBudget])
      #expect(
        Int64(bench.strokes.count) <= dots * 2, "\(dots) dots of two strokes, \(bench.strokes.count) made")
      #expect(Int64(bench.dots.count) <= dots)
    }
  }

  @Test func noRevolutionIsOutsideADurableIntentThoughTheCamHasToSpinDown() {
    for durable in UInt64(20)...40 {
      var bench = RotaryBench()
      bench.arm(durable: durable)
      bench.press()
      bench.pass(.seconds(1))
      #expect(bench.runEnds == [.recordNotDurable])
      #expect(bench.strokes.allSatisfy { $0.sequence <= durable })
    }
  }

  @Test func theCamIsSlowedWithASpinDownAndACoastInReserve() throws {
    var bench = RotaryBench()
    bench.arm(durable: 40)
    bench.press()
    #expect(bench.pass(upTo: .seconds(1)) { $0.spins.last?.rate == .hertz(20) })
    // Six revolutions of the transition and ten of a coast are kept back.
    #expect(try #require(bench.strokes.last).sequence == 24)
  }

  @Test func settingsLandWithTheNeedleParkedAndTheRunGoesOn() throws {
    var bench = RotaryBench()
    bench.run(for: .milliseconds(500))
    var deeper = RotaryBench.soft
    deeper.depth = Micrometres(800)
    deeper.rate = .hertz(80)
    bench.step(command: .settings(SettingsGrant(version: 2, settings: deeper, ceilings: .absolute)))
    bench.pass(.milliseconds(500))
    #expect(bench.state == .running)
    #expect(bench.faults.isEmpty)
    #expect(try #require(bench.strokes.last).commandedDepth == Micrometres(800))
    let last = try #require(bench.strokes.last?.period)
    #expect((last - .microseconds(12_500)).count.magnitude <= 2)
    let deepestBefore = bench.strokes.filter { $0.commandedDepth == Micrometres(500) }.count
    #expect(deepestBefore > 40)
  }

  @Test func dotModeIsRefusedByName() throws {
    var bench = RotaryBench()
    bench.arm()
    var settings = RotaryBench.soft
    settings.mode = .dot
    bench.step(command: .settings(SettingsGrant(version: 2, settings: settings, ceilings: .absolute)))
    guard case .refused(.mode) = try #require(bench.outcomes.last) else {
      Issue.record("\(bench.outcomes)")
      return
    }
  }

  // 1 mm of 3 mm is 39.2 % of a revolution: 10 ms at 39.2 Hz.
  @Test func aRateWhoseDwellIsAboveItsCeilingIsRefused() throws {
    var bench = RotaryBench()
    bench.arm()
    for (millihertz, allowed) in [(Int32(39_200), true), (39_100, false)] {
      var settings = RotaryBench.soft
      settings.depth = Micrometres(1_000)
      settings.rate = Millihertz(millihertz)
      bench.step(command: .settings(SettingsGrant(version: 2, settings: settings, ceilings: .absolute)))
      switch try #require(bench.outcomes.last) {
      case .done: #expect(allowed, "\(millihertz) mHz was accepted")
      case .refused(let limit): #expect(!allowed && limit == .dwell, "\(millihertz) mHz: \(limit.name)")
      default: Issue.record("\(bench.outcomes)")
      }
    }
  }

  /// A machine whose emergency stop has left the needle out, closed again, with the pedal up.
  private func leftOut() throws -> RotaryBench {
    // Some coast ends out: 78 % of a revolution is.
    for offset in Int64(0)..<10 {
      var bench = RotaryBench()
      bench.run(for: .seconds(1) + .milliseconds(offset))
      bench.perform { $0.emergencyStop(open: true) }
      bench.pass(.seconds(1))
      guard bench.status.needle == .unproved else { continue }
      bench.perform { $0.emergencyStop(open: false) }
      bench.release()
      bench.pass(.milliseconds(50))
      return bench
    }
    throw NoNeedleOut()
  }

  private struct NoNeedleOut: Error {}

  @Test func homingNeedsTheInterlocksThePedalAndTheDrive() throws {
    let hindrances: [(ArmConditions, (inout RotaryBench) -> Void)] = [
      (ArmConditions(.emergencyStopClosed), { $0.perform { $0.emergencyStop(open: true) } }),
      (ArmConditions(.guardClosed), { $0.perform { $0.guardCover(open: true) } }),
      (ArmConditions(.cartridgePresent), { $0.perform { $0.cartridge(seated: false) } }),
      (ArmConditions(.pedalReleased), { $0.press() }),
      (ArmConditions(.driveLink), { $0.drive.link = .down }),
      (ArmConditions(.driveLimits), { $0.drive.limitsVerified = false }),
    ]
    for (condition, hinder) in hindrances {
      var bench = try leftOut()
      hinder(&bench)
      bench.pass(.milliseconds(50))
      let spins = bench.spins.count
      bench.step(command: .home)
      guard case .unmet(let unmet) = bench.outcomes.last else {
        Issue.record("\(condition.list.map(\.name)) did not keep it: \(bench.outcomes)")
        continue
      }
      #expect(unmet == condition, "\(unmet.list.map(\.name))")
      bench.pass(.milliseconds(200))
      #expect(bench.spins.count == spins && !bench.handpiece.isTorqueOn)
    }
  }

  @Test func aCamThatStillCoastsIsNotDrivenHome() {
    var bench = RotaryBench()
    bench.run(for: .seconds(1))
    bench.perform { $0.emergencyStop(open: true) }
    bench.pass(.milliseconds(20))
    bench.perform { $0.emergencyStop(open: false) }
    bench.release()
    bench.pass(.milliseconds(50))
    bench.step(command: .home)
    guard case .causeRemains = bench.outcomes.last else {
      Issue.record("\(bench.outcomes)")
      return
    }
    #expect(!bench.handpiece.isTorqueOn)
  }

  @Test func homingIsNotOfferedByALinearMachine() throws {
    var bench = ControllerBench()
    bench.step()
    bench.pass(.seconds(1))
    bench.step(command: .home)
    let outcome = bench.events.compactMap { event -> CommandOutcome? in
      if case .commandDone(_, let outcome) = event.kind { outcome } else { nil }
    }.last
    guard case .notOffered = try #require(outcome) else {
      Issue.record("homing a linear needle: \(String(describing: outcome))")
      return
    }
  }
}
