/// Writes a scaled integer as the decimal a person reads: `450` with three decimals is `0.45`.
///
/// Integer arithmetic only, so that it needs no Foundation and never shows a rounding that was not measured.
public struct DecimalText: Sendable {
  /// `value` divided by ten to the power `decimals`, with `atLeast` decimals kept and further trailing zeros dropped.
  public static func of(_ value: Int64, decimals: Int, atLeast: Int = 0) -> String {
    guard decimals > 0 else { return String(value) }
    let digits = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals)
    var fraction = padded.suffix(decimals)
    while fraction.count > atLeast, fraction.last == "0" { fraction.removeLast() }
    let sign = value < 0 ? "-" : ""
    return fraction.isEmpty ? sign + whole : sign + whole + "." + fraction
  }
}

extension Micrometres: CustomStringConvertible {
  /// In millimetres, the unit a technician speaks: `0.45 mm`.
  public var description: String { DecimalText.of(Int64(count), decimals: 3) + " mm" }
}

extension Millihertz: CustomStringConvertible {
  /// In hertz: `100 Hz`.
  public var description: String { DecimalText.of(Int64(count), decimals: 3) + " Hz" }
}

extension Milliamperes: CustomStringConvertible {
  /// In amperes: `0.25 A`.
  public var description: String { DecimalText.of(Int64(count), decimals: 3) + " A" }
}

extension Decicelsius: CustomStringConvertible {
  /// In degrees: `60 °C`.
  public var description: String { DecimalText.of(Int64(count), decimals: 1) + " °C" }
}

extension SquareMillimetres: CustomStringConvertible {
  /// In square centimetres: `12.5 cm²`.
  public var description: String { DecimalText.of(Int64(count), decimals: 2) + " cm²" }
}

extension Nanoseconds: CustomStringConvertible {
  /// In the largest unit that leaves a whole part: `3.5 ms`, `20 s`, `4 h`.
  public var description: String {
    let magnitude = count.magnitude
    let minute: UInt64 = 60_000_000_000
    if magnitude >= 60 * minute, magnitude % (60 * minute) == 0 { return "\(count / Int64(60 * minute)) h" }
    if magnitude >= minute, magnitude % minute == 0 { return "\(count / Int64(minute)) min" }
    if magnitude >= 1_000_000_000 { return DecimalText.of(count, decimals: 9) + " s" }
    if magnitude >= 1_000_000 { return DecimalText.of(count, decimals: 6) + " ms" }
    if magnitude >= 1_000 { return DecimalText.of(count, decimals: 3) + " µs" }
    return "\(count) ns"
  }
}
