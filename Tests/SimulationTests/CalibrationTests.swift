import ControlLoop
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// A service engineer's calibration: the depth axis is moved, single strokes are measured, the one-shot is seen to act.
@Suite struct CalibrationTests {
  private func ready(_ timeline: [Timeline.Entry] = []) -> Rehearsal {
    var rehearsal = Rehearsal(timeline: timeline)
    rehearsal.perform(.cartridge(seated: true))
    rehearsal.pass(.seconds(2))
    return rehearsal
  }

  private func begin(_ rehearsal: inout Rehearsal) {
    guard case .done = rehearsal.order(.calibrate(.begin)) else {
      Issue.record("calibration did not begin: \(rehearsal.status.state), \(rehearsal.faults)")
      return
    }
  }

  private func strokes(_ rehearsal: borrowing Rehearsal) -> [CalibrationStroke] {
    rehearsal.events.compactMap { if case .calibrationStroke(let stroke) = $0.kind { stroke } else { nil } }
  }

  @Test func itNeedsNoSessionAndEndsInStandbyWithoutTorque() {
    var rehearsal = ready()
    begin(&rehearsal)
    #expect(rehearsal.status.state == .calibrating)
    #expect(rehearsal.loop.machine.plant.handpiece.isTorqueOn)
    rehearsal.order(.disarm)
    rehearsal.pass(.milliseconds(100))
    #expect(rehearsal.status.state == .standby)
    #expect(!rehearsal.loop.machine.plant.handpiece.isTorqueOn)
  }

  @Test func theAxisGoesWhereItIsSentWithinTheBenchsLimits() {
    var rehearsal = ready()
    begin(&rehearsal)
    for depth in [Int32(400), 2_000, 0] {
      rehearsal.order(.calibrate(.jog(Micrometres(depth))))
      #expect(abs((rehearsal.status.drive.depth ?? .zero).count - depth) <= 50)
    }
    for depth in [Int32(2_001), -1] {
      guard case .refused(.depth)? = rehearsal.order(.calibrate(.jog(Micrometres(depth)))) else {
        Issue.record("\(depth) µm was not refused")
        continue
      }
    }
  }

  // From FIRE high to the bottom mark at 2 mm: 0.906 ms; from FIRE low to home: 0.896 ms (the handpiece's page).
  @Test func aMeasuredStrokeGivesBothTravels() throws {
    var rehearsal = ready()
    begin(&rehearsal)
    rehearsal.order(.calibrate(.jog(Micrometres(2_000))))
    rehearsal.order(.calibrate(.stroke(dwell: .milliseconds(2))))
    let stroke = try #require(strokes(rehearsal).last)
    #expect(abs((stroke.extendTravel ?? .zero).count - 906_025) < 1_000)
    #expect(abs((stroke.retractTravel ?? .zero).count - 896_349) < 1_000)
    #expect(rehearsal.strokes.isEmpty, "it is no part of a treatment")
    #expect(rehearsal.status.state == .calibrating)
    #expect(rehearsal.faults.isEmpty)
  }

  @Test func theOneShotIsSeenToBringTheNeedleHomeThoughFireStaysHigh() throws {
    var rehearsal = ready()
    begin(&rehearsal)
    rehearsal.order(.calibrate(.jog(.zero)))
    rehearsal.order(.calibrate(.oneShot))
    let stroke = try #require(strokes(rehearsal).last)
    #expect(stroke.retractTravel == nil, "it came home before FIRE was low")
    #expect(stroke.timeToHome > .milliseconds(15) && stroke.timeToHome < .milliseconds(16))
    #expect(rehearsal.faults.isEmpty)
  }

  @Test func aOneShotThatLetsFireThroughIsTold() throws {
    var rehearsal = ready()
    begin(&rehearsal)
    rehearsal.order(.calibrate(.jog(.zero)))
    rehearsal.perform(.inject(.handpiece(.oneShotPassesThrough), after: .zero))
    rehearsal.order(.calibrate(.oneShot))
    let stroke = try #require(strokes(rehearsal).last)
    #expect(stroke.retractTravel != nil, "it came home only once FIRE was low")
    #expect(stroke.timeToHome >= .milliseconds(20))
  }

  @Test func theOneShotIsTriedOnlyWithTheNeedleFlush() {
    var rehearsal = ready()
    begin(&rehearsal)
    rehearsal.order(.calibrate(.jog(Micrometres(400))))
    guard case .refused(.depth)? = rehearsal.order(.calibrate(.oneShot)) else {
      Issue.record("FIRE was held with the needle out")
      return
    }
  }

  @Test func aZeroShiftsEveryDepthAndNothingElse() {
    var rehearsal = ready()
    rehearsal.order(.zero(Micrometres(200)))
    begin(&rehearsal)
    rehearsal.order(.calibrate(.jog(Micrometres(500))))
    #expect(abs((rehearsal.status.drive.depth ?? .zero).count - 500) <= 50)
    #expect(abs(rehearsal.loop.machine.plant.handpiece.depthStop.count - 700) <= 50)
  }

  // The deepest treatment, 1.35 mm, has to stay within the axis's range of 2 mm.
  @Test func aZeroFarFromTheSwitchIsRefused() {
    var rehearsal = ready()
    for (depth, allowed) in [(Int32(650), true), (651, false), (0, true), (-1, false)] {
      switch rehearsal.order(.zero(Micrometres(depth))) {
      case .done?: #expect(allowed, "\(depth)")
      case .refused(.depth)?: #expect(!allowed, "\(depth)")
      default: Issue.record("\(depth)")
      }
    }
  }

  @Test func anInterlockEndsItAsItEndsATreatment() {
    var rehearsal = ready()
    begin(&rehearsal)
    rehearsal.perform(.guardCover(open: true))
    rehearsal.pass(.milliseconds(50))
    #expect(rehearsal.faults == [.guardOpened])
    #expect(!rehearsal.loop.machine.plant.handpiece.isTorqueOn)
  }

  @Test func leftAloneItLosesTorqueAfterTwoMinutes() {
    var rehearsal = ready()
    begin(&rehearsal)
    rehearsal.pass(.seconds(119))
    #expect(rehearsal.status.state == .calibrating)
    rehearsal.pass(.seconds(2))
    #expect(rehearsal.status.state == .standby)
    #expect(!rehearsal.loop.machine.plant.handpiece.isTorqueOn)
  }

  @Test func itDoesNotBeginWhileArmedNorFromAFault() {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm()
    guard case .wrongState(.armed)? = rehearsal.order(.calibrate(.begin)) else {
      Issue.record("calibrating an armed machine")
      return
    }
    rehearsal.perform(.guardCover(open: true))
    rehearsal.pass(.milliseconds(50))
    guard case .wrongState(.fault)? = rehearsal.order(.calibrate(.begin)) else {
      Issue.record("calibrating a machine at fault")
      return
    }
  }

  @Test func aRotaryNeedleIsBroughtHomeAndMakesNoSingleStrokes() {
    var rehearsal = Rehearsal.rotary()
    rehearsal.perform(.cartridge(seated: true))
    rehearsal.pass(.seconds(2))
    begin(&rehearsal)
    rehearsal.order(.calibrate(.jog(Micrometres(800))))
    #expect(abs((rehearsal.status.drive.depth ?? .zero).count - 800) <= 50)
    guard case .notOffered? = rehearsal.order(.calibrate(.stroke(dwell: .milliseconds(2))))
    else {
      Issue.record("a single stroke of a cam")
      return
    }
  }
}
