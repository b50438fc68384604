import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// The linear machine with its depth axis on a VESC. The rotary one has its tests with the other cams.
@Suite struct VESCTreatmentTests {
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
