import ControlLoop
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// The drives that turn a cam.
enum CamDrive: CaseIterable, Sendable {
  case tmcl, vesc

  func rehearsal(seed: UInt64 = 1) -> Rehearsal {
    switch self {
    case .tmcl: .rotary(seed: seed)
    case .vesc: .vesc(seed: seed)
    }
  }
}

// The whole rotary machine: the shipped loop and controller, the link, the drive's other end, motor and cam.
@Suite struct RotaryTreatmentTests {
  @Test(arguments: CamDrive.allCases) func aTreatmentOnACamIsCountedStrokeByStroke(_ drive: CamDrive) {
    var rehearsal = drive.rehearsal()
    guard case .done = rehearsal.arm(RotaryBench.soft) else {
      Issue.record("not armed: \(rehearsal.status.unmet.list.map(\.name)), \(rehearsal.faults)")
      return
    }
    for _ in 0..<10 {
      rehearsal.perform(.pedal(down: true))
      rehearsal.pass(.seconds(3))
      #expect(rehearsal.status.state == .running, "\(rehearsal.faults)")
      rehearsal.perform(.pedal(down: false))
      rehearsal.pass(.milliseconds(400))
      #expect(rehearsal.status.state == .armed, "\(rehearsal.faults)")
    }
    #expect(rehearsal.faults.isEmpty)
    #expect(rehearsal.strokes.count > 2_900)
    #expect(rehearsal.truth.strokes.total == rehearsal.strokes.count)
    #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome)
  }

  @Test(arguments: CamDrive.allCases) func everyInstantOfAReleaseParksTheNeedle(_ drive: CamDrive) {
    for offset in Int64(0)..<40 {
      var rehearsal = drive.rehearsal(seed: UInt64(offset) + 1)
      _ = rehearsal.arm(RotaryBench.soft)
      rehearsal.perform(.pedal(down: true))
      rehearsal.pass(.milliseconds(300) + .microseconds(offset * 250))
      rehearsal.perform(.pedal(down: false))
      rehearsal.pass(.milliseconds(200))
      #expect(
        rehearsal.status.state == .armed && rehearsal.faults.isEmpty, "\(offset): \(rehearsal.faults)")
      #expect(rehearsal.loop.machine.plant.handpiece.isNeedleHome, "\(offset)")
    }
  }

  @Test(arguments: CamDrive.allCases) func anEmergencyStopThenHomingThenArmedAgain(_ drive: CamDrive) {
    for seed in UInt64(1)...10 {
      var rehearsal = drive.rehearsal(seed: seed)
      _ = rehearsal.arm(RotaryBench.soft)
      rehearsal.perform(.pedal(down: true))
      rehearsal.pass(.milliseconds(300 + Int64(seed)))
      rehearsal.perform(.emergencyStop(open: true))
      rehearsal.pass(.seconds(1))
      #expect(rehearsal.status.state == .fault)
      rehearsal.perform(.emergencyStop(open: false))
      rehearsal.perform(.pedal(down: false))
      rehearsal.pass(.seconds(1))
      guard case .done = rehearsal.order(.home) else {
        Issue.record("seed \(seed): not homed, \(rehearsal.status.unmet.list.map(\.name))")
        continue
      }
      rehearsal.pass(.milliseconds(600))
      #expect(rehearsal.status.needle == .home, "seed \(seed)")
      for code in FaultCode.allCases where rehearsal.status.faults.contains(code) {
        rehearsal.order(.acknowledge(code))
      }
      #expect(rehearsal.status.state == .standby, "seed \(seed): \(rehearsal.status.faults)")
      guard case .done = rehearsal.order(.arm) else {
        Issue.record("seed \(seed): not armed again, \(rehearsal.status.unmet.list.map(\.name))")
        continue
      }
    }
  }

  @Test(arguments: CamDrive.allCases) func aDriveThatFallsSilentEndsSafeWithinItsBounds(_ drive: CamDrive) {
    var rehearsal = drive.rehearsal()
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
}
