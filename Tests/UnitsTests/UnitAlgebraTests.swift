import Testing
import Units

@Suite struct UnitAlgebraTests {
  @Test func aPeriodIsRoundedUpSoThatTheRateIsNeverExceeded() {
    #expect(Millihertz.hertz(100).period == .milliseconds(10))
    #expect(Millihertz.hertz(150).period == Nanoseconds(6_666_667))
    #expect(Millihertz(0).period == nil)
    #expect(Millihertz(-1).period == nil)
  }

  @Test func aRateFromAPeriodIsRoundedDown() {
    #expect(Millihertz(period: .milliseconds(10)) == .hertz(100))
    #expect(Millihertz(period: Nanoseconds(6_666_667)) == Millihertz(149_999))
    #expect(Millihertz(period: .zero) == .zero)
  }

  @Test func instantsDifferByADuration() {
    let start = Instant(sinceBoot: .seconds(5))
    #expect(start + .milliseconds(3) - start == .milliseconds(3))
    #expect(start.earlier(of: .boot) == .boot)
    #expect(start.later(of: .boot) == start)
  }

  @Test func percentOfADurationRoundsDown() {
    #expect(Nanoseconds(6_666_667).percent(60) == Nanoseconds(4_000_000))
    #expect(Nanoseconds.forever.percent(100) == .forever)
  }

  @Test func aZoneBudgetIsAreaTimesDensityRoundedDown() {
    #expect(SquareMillimetres.squareCentimetres(12).dots(perSquareCentimetre: 40) == 480)
    #expect(SquareMillimetres(133).dots(perSquareCentimetre: 40) == 53)
  }

  @Test func quantitiesReadAsAPersonWritesThem() {
    #expect("\(Micrometres(450))" == "0.45 mm")
    #expect("\(Micrometres(-5))" == "-0.005 mm")
    #expect("\(Millihertz(95_500))" == "95.5 Hz")
    #expect("\(Nanoseconds.microseconds(3_500))" == "3.5 ms")
    #expect("\(Nanoseconds.hours(4))" == "4 h")
    #expect("\(Nanoseconds.seconds(90))" == "90 s")
    #expect("\(Decicelsius.celsius(75))" == "75 °C")
    #expect("\(SquareMillimetres(1_250))" == "12.5 cm²")
    #expect("\(Milliamperes(250))" == "0.25 A")
  }
}
