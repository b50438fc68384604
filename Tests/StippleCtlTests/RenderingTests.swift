import Testing

@testable import stipplectl

@Suite struct RenderingTests {
  private let plain = Paint(isOn: false)

  @Test func barsHaveEightStepsToTheCharacter() {
    #expect(Bar.text(0, width: 4) == "░░░░")
    #expect(Bar.text(0.5, width: 4) == "██░░")
    #expect(Bar.text(1, width: 4) == "████")
    #expect(Bar.text(0.53125, width: 4) == "██▏░")
    #expect(Bar.text(7, width: 4) == "████")
    #expect(Bar.text(-1, width: 4) == "░░░░")
    #expect(Bar.text(.nan, width: 4) == "░░░░")
    #expect(Bar.text(1, width: 0) == "")
  }

  @Test func theMarkShowsWhereTheBarHasNotReachedIt() {
    #expect(Bar.text(0, width: 4, mark: 0.5) == "░░┃░")
    #expect(Bar.text(0.25, width: 4, mark: 0.5) == "█░┃░")
    #expect(Bar.text(0.75, width: 4, mark: 0.5) == "███░")
    #expect(Bar.text(0, width: 4, mark: 1) == "░░░┃")
  }

  @Test func tablesAlignByTheirWidestCell() {
    var table = Table(.init(title: "Zone"), .init(title: "Dots", alignment: .right), .init(title: ""))
    table.add("hairline", "7", "")
    table.add("mid", "1,234", "scar")
    #expect(
      table.text(plain) == """
        Zone       Dots
        hairline      7
        mid       1,234  scar
        """)
  }

  @Test func sheetsWrapUnderTheirValues() {
    var sheet = Sheet()
    sheet.add("Name", "one two three four five six")
    sheet.add("Longer label", nil)
    sheet.add("At", "x")
    #expect(
      sheet.text(plain, width: 26) == """
        Name  one two three four
              five six
        At    x
        """)
  }

  @Test func widthCountsColumnsNotLetters() {
    #expect(TextWidth.of("µm²") == 3)
    #expect(TextWidth.of("髪") == 2)
    #expect(TextWidth.of("e\u{301}") == 1)
    #expect(TextWidth.clipped("hairline", to: 5) == "hair…")
    #expect(TextWidth.clipped("髪髪髪", to: 4) == "髪…")
    #expect(TextWidth.padded("7", to: 3, right: true) == "  7")
  }

  @Test func textFromElsewhereIsHarmless() {
    #expect(TextWidth.harmless("a\u{1B}[31mb\r\nc\u{7F}\u{9B}") == "a?[31mb??c??")
    #expect(TextWidth.harmless("right\u{202E}tfel") == "right?tfel")
  }

  @Test func coloursAreOnOrOff() {
    #expect(plain("x", .red) == "x")
    #expect(Paint(isOn: true)("x", .red) == "\u{1B}[31mx\u{1B}[0m")
    #expect(Paint(isOn: true)("", .red) == "")
  }

  @Test func troubleSaysWhatHappenedAndWhatToDo() {
    let trouble = Trouble(
      status: .refusedByState, headline: "cannot arm: one condition is not met",
      items: [.init(condition: "self_test: run it")], advice: ["Then try again."])
    #expect(
      TroubleText.of(trouble, paint: plain, width: 80) == """
        stipplectl: cannot arm: one condition is not met:
          self-test  run it
        Then try again.
        """)
  }

  @Test func clocksShowUTCAndTheYearsBefore1970() {
    #expect(WallClock.utc.preciseTime(Samples.noon + 1_250_999) == "12:00:01.250")
    #expect(WallClock.utc.date(Samples.noon) == "2026-11-21 12:00")
    #expect(WallClock.utc.preciseTime(-1) == "23:59:59.999")
  }

  @Test func progressIsSilentWhenNobodyWatches() async throws {
    let memory = Memory()
    let bench = Console(
      write: { memory.add($0) }, writeError: { memory.add($0) }, readLine: { nil }, inputIsTerminal: false,
      outputIsTerminal: false, errorIsTerminal: false, paint: plain, errorPaint: plain, width: 80, clock: .utc
    )
    let progress = Progress(bench)
    progress.show(1, of: 2, "half")
    #expect(try await progress.during("work") { 7 } == 7)
    progress.end()
    #expect(memory.text == "")
  }

  @Test func progressIsOneLineThatGoesAway() {
    let memory = Memory()
    let terminal = Console(
      write: { memory.add($0) }, writeError: { memory.add($0) }, readLine: { nil }, inputIsTerminal: true,
      outputIsTerminal: true, errorIsTerminal: true, paint: plain, errorPaint: plain, width: 80, clock: .utc)
    let progress = Progress(terminal)
    progress.show(1, of: 2, "half")
    progress.show(1, of: 2, "half")
    progress.end()
    #expect(memory.text == "\r\u{1B}[K████████████░░░░░░░░░░░░ 1/2  half\r\u{1B}[K")
  }
}
