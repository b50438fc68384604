import Testing
import Units
import VirtualHandpiece

@Suite struct ActionScriptTests {
  @Test func aScriptIsReadLineByLine() throws {
    let text = """
      # a press of half a second
      at 2s pedal down
      at 2.5s pedal up

      at 150ms inject stuck_low:NEEDLE_HOME
      at 1min inject drive_late:20ms
      """
    let start = Instant(sinceBoot: .seconds(100))
    let entries = try ActionScript.entries(of: text, from: start)
    #expect(
      entries.map(\.at) == [
        start + .seconds(2), start + .milliseconds(2_500), start + .milliseconds(150), start + .seconds(60),
      ])
    #expect(entries[0].happening == .person(.pedal(down: true)))
    #expect(entries[3].happening == .person(.inject(.drive(.late(.milliseconds(20))), after: .zero)))
  }

  @Test(arguments: [
    "at 2s", "at 2 pedal down", "at -1s pedal up", "pedal down", "at 2s pedal sideways", "at 25min jump",
  ])
  func anythingElseIsRefusedWithItsLine(text: String) {
    #expect(throws: ActionScript.Failure(line: 2, text: text)) {
      try ActionScript.entries(of: "\n" + text, from: .boot)
    }
  }

  @Test func durationsAreExactAndBounded() {
    #expect(ActionScript.duration("1.000000001s") == Nanoseconds(1_000_000_001))
    #expect(ActionScript.duration("40us") == .microseconds(40))
    #expect(ActionScript.duration("0.5ms") == .microseconds(500))
    #expect(ActionScript.duration("7ns") == Nanoseconds(7))
    for text in [
      "", "s", "1.s", ".5s", "1.2.3s", "1h", "90000s", "1.0000000001s", "1.5ns", "99999999999999999999s",
    ] {
      #expect(ActionScript.duration(text) == nil, "\(text)")
    }
  }

  @Test func aTimelineKeepsItsOrderWhenMoreIsAddedWhileItRuns() {
    var timeline = Timeline()
    var taken: [Int] = []
    for number in 0..<1_000 {
      timeline.add(Timeline.Entry(at: Instant(sinceBoot: .seconds(Int64(number) + 5)), .loseEdges(number)))
      if number % 3 != 0, case .loseEdges(let value)? = timeline.takeNext() { taken.append(value) }
    }
    while case .loseEdges(let value)? = timeline.takeNext() { taken.append(value) }
    #expect(taken == Array(0..<1_000))
    #expect(timeline.next == .distantFuture)
  }
}
