import Testing

@testable import stipplectl

@Suite struct FiguresTests {
  @Test func everyQuantityIsShownInOneUnit() {
    #expect(Figures.depth(450) == "0.45 mm")
    #expect(Figures.depth(1_000) == "1.00 mm")
    #expect(Figures.depth(455) == "0.455 mm")
    #expect(Figures.milliseconds(3_500) == "3.5 ms")
    #expect(Figures.milliseconds(2_000) == "2 ms")
    #expect(Figures.rate(99.96) == "100 Hz")
    #expect(Figures.rate(99.84) == "99.8 Hz")
    #expect(Figures.area(1_250) == "12.5 cm²")
    #expect(Figures.current(370) == "0.37 A")
    #expect(Figures.count(14_000) == "14,000")
    #expect(Figures.count(-1_234_567) == "-1,234,567")
    #expect(Figures.count(999) == "999")
    #expect(Figures.span(milliseconds: 7_500_000) == "2 h 5 min")
    #expect(Figures.span(milliseconds: 200_000) == "3 min 20 s")
    #expect(Figures.span(milliseconds: 250) == "250 ms")
  }

  @Test func aFigureThatIsNoneIsAQuestionMark() {
    #expect(Figures.rate(.nan) == "? Hz")
    #expect(Figures.rate(.infinity) == "? Hz")
    #expect(Figures.rate(1e300) == "? Hz")
  }
}
