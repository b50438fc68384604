import ControlLoop
import DriveLink
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

extension Rehearsal {
  /// A rotary machine whose needle motor is on a VESC, number 10, and the depth axis on one behind it, number 11.
  static func vesc(seed: UInt64 = 1) -> Rehearsal {
    let machine = RotaryBench.machine
    let parameters = VESCLinkParameters(
      depth: VESCDepthParameters(controller: 11), needle: VESCNeedleParameters(controller: 10),
      lease: machine.lease)
    return Rehearsal(
      Plant(vescsOf: .rotary, seed: seed, at: Instant(sinceBoot: .seconds(10))), .vesc(VESCLink(parameters)),
      machine: machine, timeline: [], seed: seed, latency: .none)
  }

  /// A linear machine whose depth axis is on a VESC, number 11.
  static func linearVESC(seed: UInt64 = 1) -> Rehearsal {
    let parameters = VESCLinkParameters(
      depth: VESCDepthParameters(controller: 11), lease: Rehearsal.machine.lease)
    return Rehearsal(
      Plant(vescsOf: HandpieceParameters(), seed: seed, at: Instant(sinceBoot: .seconds(10))),
      .vesc(VESCLink(parameters)), machine: Rehearsal.machine, timeline: [], seed: seed, latency: .none)
  }
}

// The whole machine with VESCs in it: the shipped loop and controller, the link, the controllers' other end, motor, cam and axis.
@Suite struct VESCTreatmentTests {
  @Test func aRotaryTreatmentIsCountedStrokeByStroke() {
    var rehearsal = Rehearsal.vesc()
    guard case .done = rehearsal.arm(RotaryBench.soft) else {
      Issue.record("not armed: \(rehearsal.status.unmet.list.map(\.name)), \(rehearsal.faults)")
      return
    }
    for _ in 0..<5 {
      rehearsal.perform(.pedal(down: true))
      rehearsal.pass(.seconds(3))
      #expect(rehearsal.status.state == .running, "\(rehearsal.faults)")
      rehearsal.perform(.pedal(down: false))
      rehearsal.pass(.milliseconds(400))
      #expect(rehearsal.status.state == .armed, "\(rehearsal.faults)")
    }
    #expect(rehearsal.faults.isEmpty)
    #expect(rehearsal.strokes.count > 1_400)
    #expect(rehearsal.truth.strokes.total == rehearsal.strokes.count)
    #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome)
  }

  @Test func everyInstantOfAReleaseParksTheNeedle() {
    for offset in Int64(0)..<20 {
      var rehearsal = Rehearsal.vesc(seed: UInt64(offset) + 1)
      _ = rehearsal.arm(RotaryBench.soft)
      rehearsal.perform(.pedal(down: true))
      rehearsal.pass(.milliseconds(300) + .microseconds(offset * 500))
      rehearsal.perform(.pedal(down: false))
      rehearsal.pass(.milliseconds(200))
      #expect(
        rehearsal.status.state == .armed && rehearsal.faults.isEmpty, "\(offset): \(rehearsal.faults)")
      #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome, "\(offset)")
    }
  }

  @Test func controllersThatFallSilentEndSafeWithinTheLease() {
    var rehearsal = Rehearsal.vesc()
    _ = rehearsal.arm(RotaryBench.soft)
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.seconds(1))
    rehearsal.perform(.inject(.drive(.mute), after: .zero))
    // A lease of 100 ms, then at most retract_max.
    rehearsal.pass(.milliseconds(205))
    #expect(rehearsal.status.state == .fault)
    #expect(rehearsal.status.faults.contains(.driveLink), "\(rehearsal.faults)")
    #expect(!rehearsal.loop.machine.plant.handpiece.isTorqueOn)
  }

  @Test func aLinearTreatmentIsCountedStrokeByStroke() {
    var rehearsal = Rehearsal.linearVESC()
    guard case .done = rehearsal.arm(Rehearsal.soft) else {
      Issue.record("not armed: \(rehearsal.status.unmet.list.map(\.name)), \(rehearsal.faults)")
      return
    }
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.seconds(3))
    rehearsal.perform(.pedal(down: false))
    rehearsal.pass(.milliseconds(100))
    #expect(rehearsal.faults.isEmpty, "\(rehearsal.faults)")
    #expect((295...302).contains(rehearsal.strokes.count))
    #expect(rehearsal.truth.strokes.total == rehearsal.strokes.count)
  }
}
