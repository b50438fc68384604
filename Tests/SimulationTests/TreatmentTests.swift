import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite struct TreatmentTests {
  @Test func aMachineAtRestPassesItsSelfTestAndArms() {
    var rehearsal = Rehearsal()
    #expect(rehearsal.status.state == .booting)
    let outcome = rehearsal.arm()
    guard case .done = outcome else {
      Issue.record("arming answered \(String(describing: outcome)); unmet: \(rehearsal.status.unmet.list)")
      return
    }
    #expect(rehearsal.status.state == .armed)
    #expect(rehearsal.status.needle == .home)
    #expect(rehearsal.truth.strokesMade == 0, "arming moves no needle")
  }

  @Test func continuousStrokesKeepTheirPeriodAndWidthExactly() {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm()
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.seconds(2))
    rehearsal.perform(.pedal(down: false))
    rehearsal.pass(.milliseconds(100))
    let strokes = rehearsal.strokes
    #expect(strokes.count > 190, "two seconds at 100 Hz, less the debounce: \(strokes.count)")
    #expect(UInt64(strokes.count) == UInt64(rehearsal.truth.strokesMade + rehearsal.truth.strokesShort))
    for stroke in strokes.dropFirst().dropLast() {
      #expect(stroke.period == .milliseconds(10), "stroke \(stroke.sequence)")
      #expect(stroke.fireWidth == .milliseconds(4), "stroke \(stroke.sequence)")
      #expect(stroke.verdict == .good, "stroke \(stroke.sequence)")
    }
    #expect(rehearsal.status.state == .armed)
    #expect(rehearsal.runEnds == [.pedalReleased])
    #expect(rehearsal.faults == [])
  }

  @Test func aPressInDotModeFiresExactlyItsStrokesAndStops() {
    var rehearsal = Rehearsal()
    var settings = Rehearsal.soft
    settings.mode = .dot
    settings.strokesPerDot = 3
    _ = rehearsal.arm(settings)
    for _ in 1...4 {
      rehearsal.perform(.pedal(down: true))
      rehearsal.pass(.milliseconds(500))
      rehearsal.perform(.pedal(down: false))
      rehearsal.pass(.milliseconds(200))
    }
    #expect(rehearsal.dots.map(\.strokes) == [3, 3, 3, 3])
    #expect(rehearsal.strokes.count == 12)
    #expect(rehearsal.runEnds == [.dotDone, .dotDone, .dotDone, .dotDone])
  }

  @Test func aHeldPedalRepeatsDotsAtTheDotRate() {
    var rehearsal = Rehearsal()
    var settings = Rehearsal.soft
    settings.mode = .dot
    settings.dotRate = .hertz(5)
    _ = rehearsal.arm(settings)
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.milliseconds(1_950))
    rehearsal.perform(.pedal(down: false))
    rehearsal.pass(.milliseconds(300))
    let starts = rehearsal.dots.map(\.startedAt)
    #expect(starts.count == 10)
    for (first, second) in zip(starts, starts.dropFirst()) { #expect(second - first == .milliseconds(200)) }
    #expect(rehearsal.dots.allSatisfy { $0.strokes == 2 })
  }

  @Test func aReachedZoneBudgetEndsTheRunAtABoundaryAndIsNoFault() {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm(zone: ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 5))
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.dots.count == 5)
    #expect(rehearsal.strokes.count == 10)
    #expect(rehearsal.runEnds == [.zoneBudget])
    #expect(rehearsal.faults == [])
    #expect(rehearsal.status.state == .armed)
  }

  @Test func noStrokeIsFiredBeyondTheDurableIntent() {
    var rehearsal = Rehearsal()
    rehearsal.prepare(durable: 7)
    rehearsal.order(.arm)
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.strokes.map(\.sequence) == [1, 2, 3, 4, 5, 6, 7])
    #expect(rehearsal.runEnds == [.recordNotDurable])
  }

  @Test func settingsLandAtAStrokeBoundaryAndTheDepthIsProvedFirst() {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm()
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.milliseconds(505))
    var deeper = Rehearsal.soft
    deeper.depth = Micrometres(600)
    deeper.rate = .hertz(80)
    rehearsal.order(.settings(SettingsGrant(version: 2, settings: deeper, ceilings: .absolute)))
    rehearsal.pass(.seconds(2))
    rehearsal.perform(.pedal(down: false))
    rehearsal.pass(.milliseconds(100))
    let depths = rehearsal.strokes.map(\.commandedDepth)
    #expect(Set(depths) == [Micrometres(500), Micrometres(600)])
    #expect(
      depths == depths.sorted(), "every stroke before the change at the old depth, every one after at the new"
    )
    #expect(rehearsal.strokes.last?.period == Nanoseconds(12_500_000))
    for stroke in rehearsal.strokes {
      #expect(((stroke.measuredDepth ?? .zero) - stroke.commandedDepth).magnitude <= Micrometres(50))
    }
    #expect(rehearsal.faults == [])
  }

  @Test func anUnmetConditionRefusesToArmAndNamesEveryOne() {
    var rehearsal = Rehearsal()
    rehearsal.prepare()
    rehearsal.order(.vouch(ArmConditions(.profile)))
    rehearsal.perform(.guardCover(open: true))
    guard case .unmet(let unmet) = rehearsal.order(.arm) else {
      Issue.record("arming was not refused")
      return
    }
    #expect(
      unmet.list == [.guardClosed, .session, .zone, .cartridge, .pigment, .recordWritable, .clock],
      "\(unmet.list.map(\.name))")
  }
}
