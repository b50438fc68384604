import ControlLoop
import DriveLink
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// Every way to stop, at every phase of a stroke, judged by the physics.
@Suite struct StopTests {
  /// Offsets into a 10 ms stroke: before it leaves home, extending, dwelling, retracting, resting.
  static let phases: [Nanoseconds] = [
    .microseconds(100), .microseconds(500), .milliseconds(2), .microseconds(4_300), .milliseconds(7),
  ]

  static func running() -> Rehearsal {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm()
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.milliseconds(500))
    // To the start of the next stroke.
    while rehearsal.status.needle != .out { rehearsal.turn() }
    return rehearsal
  }

  @Test func theDriveRestsInStandbyAndInNoOtherState() {
    var rehearsal = Rehearsal()
    var rested: Set<LifecycleState> = []
    var awake: Set<LifecycleState> = []
    func note(_ rehearsal: borrowing Rehearsal) {
      let state = rehearsal.loop.controller.status.state
      if rehearsal.loop.drive.tmcl.depth.isResting { rested.insert(state) } else { awake.insert(state) }
    }
    note(rehearsal)
    _ = rehearsal.arm()
    rehearsal.turn()
    note(rehearsal)
    rehearsal.perform(.pedal(down: true))
    for _ in 0..<500 {
      rehearsal.turn()
      note(rehearsal)
    }
    rehearsal.bridge.stop()
    for _ in 0..<100 {
      rehearsal.turn()
      note(rehearsal)
    }
    rehearsal.perform(.emergencyStop(open: true))
    rehearsal.pass(.seconds(1))
    note(rehearsal)
    #expect(rested == [.standby])
    #expect(awake.isSuperset(of: [.armed, .running]), "\(awake)")
    #expect(!awake.contains(.standby))
  }

  @Test(arguments: phases) func stopBringsTheNeedleHomeAndDropsTorque(_ phase: Nanoseconds) {
    var rehearsal = Self.running()
    rehearsal.pass(phase)
    let before = rehearsal.truth.strokesMade + rehearsal.truth.strokesShort
    rehearsal.bridge.stop()
    rehearsal.perform(.pedal(down: true))
    let stopped = rehearsal.now
    #expect(rehearsal.pass(upTo: .milliseconds(20)) { $0.state == .standby }, "\(rehearsal.status.state)")
    #expect(rehearsal.now - stopped <= .milliseconds(3))
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.truth.strokesMade + rehearsal.truth.strokesShort <= before + 1, "no new extension")
    #expect(rehearsal.truth.torqueOnSince == nil)
    #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome)
  }

  @Test(
    arguments: [
      (PersonAction.emergencyStop(open: true), FaultCode.emergencyStop),
      (PersonAction.guardCover(open: true), FaultCode.guardOpened),
      (PersonAction.cartridge(seated: false), FaultCode.cartridgeRemoved),
      (PersonAction.inject(.handpiece(.driveFault), after: .zero), FaultCode.driveFault),
    ])
  func anInterlockThatOpensLatchesItsFault(_ action: PersonAction, _ code: FaultCode) {
    for phase in Self.phases {
      var rehearsal = Self.running()
      rehearsal.pass(phase)
      rehearsal.perform(action)
      let opened = rehearsal.now
      #expect(rehearsal.pass(upTo: .milliseconds(25)) { $0.state == .fault }, "\(code.name) at \(phase)")
      #expect(rehearsal.now - opened <= .milliseconds(5), "\(code.name) at \(phase)")
      #expect(rehearsal.faults.contains(code), "\(code.name) at \(phase): \(rehearsal.faults)")
      rehearsal.pass(.seconds(1))
      #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome)
      #expect(rehearsal.truth.torqueOnSince == nil)
      #expect(rehearsal.status.state == .fault, "a fault latches")
    }
  }

  @Test func aFaultClearsOnlyWhenItsCauseIsGoneAndSomeoneAcknowledges() {
    var rehearsal = Self.running()
    rehearsal.perform(.cartridge(seated: false))
    rehearsal.pass(.milliseconds(100))
    guard case .causeRemains = rehearsal.order(.acknowledge(.cartridgeRemoved)) else {
      Issue.record("acknowledged while the cartridge was out")
      return
    }
    rehearsal.perform(.cartridge(seated: true))
    rehearsal.pass(.milliseconds(300))
    #expect(rehearsal.status.state == .fault, "the cause going away clears nothing")
    guard case .done = rehearsal.order(.acknowledge(.cartridgeRemoved)) else {
      Issue.record("not acknowledged")
      return
    }
    #expect(rehearsal.status.state == .standby)
    rehearsal.pass(.seconds(2))
    #expect(rehearsal.status.state == .standby, "the pedal is still down, and nothing restarts")
  }

  @Test func aHeldPedalStartsNothingAfterARunEndedByItself() {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm(zone: ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 5))
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.seconds(1))
    let strokes = rehearsal.strokes.count
    rehearsal.order(.zone(ZoneGrant(zone: .crown, depthGroup: .deep, dotsRemaining: 1_000)))
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.strokes.count == strokes)
  }

  @Test func aStallLongerThanTheLeaseEndsTheRunAndTheOneShotBoundsTheNeedle() {
    var rehearsal = Self.running()
    rehearsal.pass(.microseconds(500))
    rehearsal.loop.machine.timeline.add(.init(at: rehearsal.now, .stall(.milliseconds(300))))
    rehearsal.pass(.milliseconds(400))
    #expect(rehearsal.faults.contains(.loopStalled), "\(rehearsal.faults)")
    #expect(rehearsal.truth.worstTimeOut <= .milliseconds(16), "one-shot 15 ms and the way home")
    #expect(rehearsal.status.state == .fault)
  }

  @Test func aStallIsNotBlamedOnTheTorqueWiring() {
    var rehearsal = Rehearsal()
    _ = rehearsal.arm()
    rehearsal.pass(.milliseconds(100))
    rehearsal.loop.machine.timeline.add(.init(at: rehearsal.now, .stall(.milliseconds(300))))
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.faults == [.loopStalled], "the watchdog took torque away: \(rehearsal.faults)")
    #expect(rehearsal.truth.torqueOnSince == nil)
  }

  @Test func aFailedOutputWriteIsAFault() {
    var rehearsal = Self.running()
    rehearsal.loop.machine.timeline.add(.init(at: rehearsal.now, .refuseWrites(true)))
    rehearsal.pass(.milliseconds(200))
    #expect(rehearsal.faults.contains(.outputWrite), "\(rehearsal.faults)")
    #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome)
  }
}
