import ControlInterface
import Testing

@testable import stipplectl

@Suite struct WatchFrameTests {
  private func model(_ states: Device.Status...) -> WatchModel {
    var model = WatchModel(clock: .utc)
    model.machine = Samples.machine
    for state in states { model.take(state) }
    return model
  }

  private func frame(
    _ model: WatchModel, _ columns: Int, _ rows: Int, silence: Int? = nil, isPainted: Bool = false
  ) -> WatchFrame {
    WatchFrame(
      model: model, size: ScreenSize(columns: columns, rows: rows), paint: Paint(isOn: isPainted),
      time: "12:01:08", silence: silence)
  }

  @Test func eightyByTwentyFour() throws {
    try Golden.check(frame(model(Samples.standby), 80, 24).lines, "standby-80x24")
    try Golden.check(frame(model(Samples.standby, Samples.running), 80, 24).lines, "running-80x24")
    try Golden.check(
      frame(model(Samples.standby, Samples.running, Samples.faulty), 80, 24).lines, "fault-80x24")
  }

  @Test func twoHundredByFifty() throws {
    try Golden.check(
      frame(model(Samples.standby, Samples.running, Samples.faulty), 200, 50).lines, "fault-200x50")
  }

  @Test(arguments: [(80, 24), (81, 25), (139, 30), (140, 40), (200, 50), (40, 10), (20, 3), (300, 100)])
  func everyLineFitsTheScreen(_ columns: Int, _ rows: Int) {
    var full = model(Samples.standby, Samples.running, Samples.faulty)
    full.notice = WatchModel.Notice(text: "STOP HAD NO ANSWER: PRESS THE EMERGENCY STOP", isAlarm: true)
    for model in [WatchModel(clock: .utc), model(Samples.standby), model(Samples.running), full] {
      for silence in [nil, 12] {
        let lines = frame(model, columns, rows, silence: silence).lines
        #expect(lines.count == rows)
        for line in lines { #expect(TextWidth.of(line) <= columns, "\(line)") }
      }
    }
  }

  @Test func colourChangesNoLetter() {
    let model = model(Samples.standby, Samples.running, Samples.faulty)
    let plain = frame(model, 120, 40).lines
    let painted = frame(model, 120, 40, isPainted: true).lines.map(withoutColour)
    #expect(painted == plain)
  }

  @Test func whatIsOldIsSaidSo() {
    let lines = frame(model(Samples.running), 80, 24, silence: 3).lines
    #expect(lines[1].hasPrefix(" NO WORD FOR 3 s: what is shown is old. Needle moving? EMERGENCY STOP."))
  }

  @Test func aLostConnectionIsSaidAtOnceAndGoneWithTheNextState() {
    var model = model(Samples.running)
    model.lose("stippled ended the stream.", at: Samples.noon)
    #expect(frame(model, 80, 24).lines[1].hasPrefix(" CONNECTION LOST: what is shown is old."))
    model.take(Samples.running)
    #expect(frame(model, 80, 24).lines[1].hasPrefix(" RUNNING "))
  }

  @Test func whateverKeepsTheMachineFromBeingArmedIsNamedHoweverLittleRoomThereIs() {
    var status = Samples.standby
    let names = [
      "guard_closed", "pedal_released", "session", "zone", "profile", "cartridge", "pigment", "clock",
    ]
    for count in 1...names.count {
      status.interlocks = names.prefix(count).map {
        .init(
          name: $0, isSatisfied: false,
          hint: "this is not as it has to be: do what has to be done about it, now")
      }
      let lines = frame(model(status), 80, 24).lines
      for name in names.prefix(count) {
        #expect(lines.contains { $0.contains(Words.of(name)) }, "\(name) of \(count)")
      }
      #expect(lines.contains { $0.contains("watching, standby") }, "the newest event stays in sight")
    }
  }

  @Test func inAFaultAnOpenContactIsNamedToo() {
    var status = Samples.faulty
    status.faults = [Samples.fault]
    status.interlocks = [
      .init(
        name: "emergency_stop_closed", isSatisfied: false, hint: "the emergency stop is pressed: release it"),
      .init(name: "session", isSatisfied: false, hint: "no session is open: open one"),
    ]
    let lines = frame(model(status), 80, 24).lines
    #expect(
      lines.contains { $0.hasPrefix(" emergency stop closed  the emergency stop is pressed: release it") })
    #expect(!lines.contains { $0.contains("no session is open") }, "what a session brings comes later")
  }

  @Test func aStopWithoutAnswerIsTheFirstThingSeen() {
    var model = model(Samples.running)
    model.notice = WatchModel.Notice(text: "STOP HAD NO ANSWER: PRESS THE EMERGENCY STOP", isAlarm: true)
    #expect(
      frame(model, 80, 24, silence: 9).lines[1].hasPrefix(" STOP HAD NO ANSWER: PRESS THE EMERGENCY STOP"))
  }

  @Test func namesFromElsewhereCannotMoveTheCursor() {
    var status = Samples.running
    status.zone?.name = "\u{1B}[2Jhairline"
    status.profile?.name = "a\u{9B}31mb\nc"
    for line in frame(model(Samples.standby, status), 80, 24).lines {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    }
  }

  @Test func theModelForgetsWhatNoScreenShows() {
    var model = WatchModel(clock: .utc)
    for number in 0..<1_000 { model.add("\(number)", at: Samples.noon) }
    #expect(model.entries.count == 200)
    #expect(model.entries.last?.text == "999")
  }

  private func withoutColour(_ line: String) -> String {
    line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }
}

@Suite struct WatchKeyTests {
  @Test func stopWinsOverEverything() {
    #expect(WatchKey("s".utf8) == .stop)
    #expect(WatchKey(" ".utf8) == .stop)
    #expect(WatchKey("q s".utf8) == .stop)
    #expect(WatchKey([3, 32]) == .stop)
    #expect(WatchKey("\u{1B}[s".utf8) == .stop)
  }

  @Test func leavingIsQOrControlC() {
    #expect(WatchKey("q".utf8) == .leave)
    #expect(WatchKey([3]) == .leave)
  }

  @Test(arguments: ["\u{1B}[A", "x", "\r", ""])
  func otherKeysDoNothing(_ bytes: String) {
    #expect(WatchKey(bytes.utf8) == nil)
  }
}
