import Profiles
import Testing
import Units

@Suite struct QuantityTests {
  @Test(arguments: [
    ("0.45 mm", 450), ("0.45mm", 450), ("450 µm", 450), ("450 \u{3BC}m", 450), ("450 um", 450),
    ("1 mm", 1_000),
    ("-0.005 mm", -5), ("1.350 mm", 1_350), ("  2 mm ", 2_000), ("0 mm", 0),
    ("1.000000000000000000 mm", 1_000),
  ])
  func aLengthIsReadToTheMicrometre(text: String, count: Int32) throws {
    #expect(try Quantity.read(text, as: Micrometres.self) == Micrometres(count))
  }

  @Test(arguments: [
    ("3.5 ms", 3_500_000), ("250 us", 250_000), ("250 µs", 250_000), ("1 ns", 1), ("120 s", 120_000_000_000),
    ("1.5 min", 90_000_000_000), ("12 h", 43_200_000_000_000), ("14 days", 1_209_600_000_000_000),
    ("1 day", 86_400_000_000_000), ("0.5 d", 43_200_000_000_000), ("0.000001 ms", 1),
  ])
  func aTimeIsReadToTheNanosecond(text: String, count: Int64) throws {
    #expect(try Quantity.read(text, as: Nanoseconds.self) == Nanoseconds(count))
  }

  @Test func everyOtherDimensionHasItsUnits() throws {
    #expect(try Quantity.read("90 Hz", as: Millihertz.self) == .hertz(90))
    #expect(try Quantity.read("95.5 Hz", as: Millihertz.self) == Millihertz(95_500))
    #expect(try Quantity.read("0.25 A", as: Milliamperes.self) == Milliamperes(250))
    #expect(try Quantity.read("250 mA", as: Milliamperes.self) == Milliamperes(250))
    #expect(try Quantity.read("60 °C", as: Decicelsius.self) == .celsius(60))
    #expect(try Quantity.read("60.5 C", as: Decicelsius.self) == Decicelsius(605))
    #expect(try Quantity.read("12.5 cm²", as: SquareMillimetres.self) == SquareMillimetres(1_250))
    #expect(try Quantity.read("12.5 cm2", as: SquareMillimetres.self) == SquareMillimetres(1_250))
    #expect(try Quantity.read("40 dots/cm²", as: DotsPerSquareCentimetre.self) == DotsPerSquareCentimetre(40))
    #expect(try Quantity.read("60 %", as: Percent.self) == Percent(60))
    #expect(try Quantity.read("5 mm/s", as: MicrometresPerSecond.self) == MicrometresPerSecond(5_000))
    #expect(try Quantity.readCount("25") == 25)
  }

  @Test(arguments: [
    ("0.45", "'0.45' has no unit; expected a length such as 0.45 mm"),
    ("mm", "'mm' does not start with a number; expected a length such as 0.45 mm"),
    ("0,45 mm", "'0,45 mm' has a comma; write the decimal point as '.'; expected a length such as 0.45 mm"),
    ("0.4505 mm", "'0.4505 mm' has more decimals than 1 µm resolves; expected a length such as 0.45 mm"),
    ("0.5 µm", "'0.5 µm' has more decimals than 1 µm resolves; expected a length such as 0.45 mm"),
    ("5 ms", "'5 ms' is a time; expected a length such as 0.45 mm"),
    ("5 inch", "the unit 'inch' of '5 inch' is not known; expected a length such as 0.45 mm"),
    ("5 MM", "the unit 'MM' of '5 MM' is not known; expected a length such as 0.45 mm"),
    ("1e3 mm", "the unit 'e3 mm' of '1e3 mm' is not known; expected a length such as 0.45 mm"),
    (".5 mm", "'.5 mm' does not start with a number; expected a length such as 0.45 mm"),
    ("5. mm", "'5. mm' does not start with a number; expected a length such as 0.45 mm"),
    ("+5 mm", "'+5 mm' does not start with a number; expected a length such as 0.45 mm"),
    ("1.2.3 mm", "'1.2.3 mm' does not start with a number; expected a length such as 0.45 mm"),
    ("٣ mm", "'٣ mm' does not start with a number; expected a length such as 0.45 mm"),
    (
      "99999999999999999999 mm",
      "'99999999999999999999 mm' is too large or too fine; expected a length such as 0.45 mm"
    ),
    ("9999999999999999 mm", "'9999999999999999 mm' is too large; expected a length such as 0.45 mm"),
    (
      "3000000 mm",
      "'3000000 mm' is beyond what can be told apart from nonsense; expected a length such as 0.45 mm"
    ),
  ])
  func whatIsNoLengthIsRefusedWithWhatIsExpected(text: String, message: String) {
    #expect(
      message == problem { () throws(QuantityProblem) in try Quantity.read(text, as: Micrometres.self) })
  }

  @Test func aCountHasNoSignNoDecimalsAndNoUnit() {
    for text in ["", "-1", "1.0", "2 strokes", "0x10", "1_000", "99999999999999999999"] {
      #expect(
        problem { () throws(QuantityProblem) in try Quantity.readCount(text) }
          == "'\(text)' is not a whole number")
    }
  }

  @Test func aLongTextIsRefusedUnread() {
    let text = String(repeating: "1", count: 65) + " mm"
    #expect(
      problem { () throws(QuantityProblem) in try Quantity.read(text, as: Micrometres.self) }
        == "a text this long is not a quantity; expected a length such as 0.45 mm")
  }

  @Test func whatAQuantityShowsReadsBackAsTheSameQuantity() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let length = Micrometres(Int32.random(in: -3_000_000...3_000_000, using: &random))
      let time = Nanoseconds(
        Int64.random(in: 0...(1 << Int64.random(in: 1...60, using: &random)), using: &random))
      let rate = Millihertz(Int32.random(in: 0...Int32.max, using: &random))
      let speed = MicrometresPerSecond(Int32.random(in: 0...100_000, using: &random))
      #expect(try Quantity.read("\(length)", as: Micrometres.self) == length, "seed \(seed)")
      #expect(try Quantity.read("\(time)", as: Nanoseconds.self) == time, "seed \(seed)")
      #expect(try Quantity.read("\(rate)", as: Millihertz.self) == rate, "seed \(seed)")
      #expect(try Quantity.read("\(speed)", as: MicrometresPerSecond.self) == speed, "seed \(seed)")
    }
  }

  private func problem<Value>(_ body: () throws(QuantityProblem) -> Value) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return error.message
    }
  }
}
