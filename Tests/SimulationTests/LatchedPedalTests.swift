import ControlLoop
import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

// A latched pedal: press to start, press to stop, and it times out. Its machine profile says so; others are momentary.
@Suite struct LatchedPedalTests {
  static let machine: MachineParameters = {
    var machine = Rehearsal.machine
    machine.pedalMode = .latched(deadMan: .seconds(5))
    return machine
  }()

  private func running() -> Rehearsal {
    var rehearsal = Rehearsal(machine: Self.machine)
    _ = rehearsal.arm()
    tap(&rehearsal)
    return rehearsal
  }

  private func tap(_ rehearsal: inout Rehearsal) {
    rehearsal.perform(.pedal(down: true))
    rehearsal.pass(.milliseconds(60))
    rehearsal.perform(.pedal(down: false))
    rehearsal.pass(.milliseconds(60))
  }

  @Test func aRunGoesOnWhenThePedalIsLetUp() {
    var rehearsal = running()
    rehearsal.pass(.seconds(2))
    #expect(rehearsal.status.state == .running)
    #expect(rehearsal.strokes.count > 190)
  }

  @Test func theNextPressEndsItAtItsFirstContactAndStartsNothing() {
    var rehearsal = running()
    rehearsal.pass(.seconds(1))
    rehearsal.perform(.pedal(down: true))
    // The opening contact moves at once; 2 ms later the other closes.
    rehearsal.pass(.milliseconds(15))
    #expect(rehearsal.status.state == .armed)
    #expect(rehearsal.runEnds == [.pedalReleased])
    rehearsal.pass(.seconds(1))
    rehearsal.perform(.pedal(down: false))
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.status.state == .armed)
    tap(&rehearsal)
    #expect(rehearsal.status.state == .running, "a third press starts the next run")
  }

  @Test func aLatchedRunEndsByItself() {
    var rehearsal = running()
    rehearsal.pass(.seconds(6))
    #expect(rehearsal.status.state == .armed)
    #expect(rehearsal.runEnds == [.deadMan])
    let strokes = rehearsal.strokes.count
    #expect((498...501).contains(strokes), "\(strokes) strokes in 5 s at 100 Hz")
  }

  @Test func aContactThatFlickersEndsIt() {
    var rehearsal = running()
    rehearsal.pass(.seconds(1))
    rehearsal.perform(.inject(.handpiece(.stuck(.pedalNormallyClosed, high: false)), after: .zero))
    rehearsal.pass(.milliseconds(15))
    #expect(rehearsal.status.state == .armed)
    rehearsal.pass(.milliseconds(200))
    #expect(rehearsal.faults == [.pedalDisagreement])
  }

  @Test func aStopEndsItAndNothingStartsAgainByItself() {
    var rehearsal = running()
    rehearsal.pass(.seconds(1))
    rehearsal.bridge.stop()
    rehearsal.turn()
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.status.state == .standby)
    #expect(rehearsal.order(.arm) != nil)
    rehearsal.pass(.seconds(1))
    #expect(rehearsal.status.state == .armed)
  }
}
