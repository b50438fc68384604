import Units

/// Quantities of the socket as text, each always in the same unit.
enum Figures {
  /// `14,000`.
  static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// Hertz with one decimal where it has one: `100 Hz`, `99.8 Hz`.
  static func rate(_ hertz: Double) -> String { decimal(hertz) + " Hz" }

  /// Millimetres: `0.45 mm`.
  static func depth(_ micrometres: Int) -> String {
    DecimalText.of(Int64(micrometres), decimals: 3, atLeast: 2) + " mm"
  }

  /// Milliseconds: `3.5 ms`.
  static func milliseconds(_ microseconds: Int) -> String {
    DecimalText.of(Int64(microseconds), decimals: 3) + " ms"
  }

  /// Square centimetres: `12.5 cm²`.
  static func area(_ squareMillimetres: Int) -> String {
    DecimalText.of(Int64(squareMillimetres), decimals: 2) + " cm²"
  }

  static func temperature(_ celsius: Double) -> String { decimal(celsius) + " °C" }

  static func percent(_ share: Double) -> String { decimal(share) + " %" }

  /// With one decimal where it has one.
  static func average(_ value: Double) -> String { decimal(value) }

  /// Amperes: `0.37 A`.
  static func current(_ milliamperes: Int) -> String {
    DecimalText.of(Int64(milliamperes), decimals: 3) + " A"
  }

  /// Bytes in the largest binary unit that leaves a whole one: `12.3 GiB`, `512 KiB`.
  static func bytes(_ count: UInt64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1_024, unit + 1 < units.count {
      value /= 1_024
      unit += 1
    }
    return "\(decimal(value)) \(units[unit])"
  }

  /// A stretch of work: `2 h 05 min`, `3 min 20 s`, `40 s`, `250 ms`.
  static func span(milliseconds: Int) -> String {
    let seconds = milliseconds / 1_000
    switch seconds {
    case ..<1: return "\(milliseconds) ms"
    case ..<60: return "\(seconds) s"
    case ..<3_600: return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
    default:
      let minutes = seconds / 60 % 60
      return minutes == 0 ? "\(seconds / 3_600) h" : "\(seconds / 3_600) h \(minutes) min"
    }
  }

  /// Time that is left, rounded up: no second is shown as over before it is.
  static func left(milliseconds: Int) -> String { span(milliseconds: (milliseconds + 999) / 1_000 * 1_000) }

  /// As ``span(milliseconds:)``; what is finer is left out.
  static func span(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return span(milliseconds: Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
  }

  /// One decimal at most. A figure that is not finite, or beyond all sense, is `?`.
  private static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "?" }
    return DecimalText.of(Int64((value * 10).rounded()), decimals: 1)
  }
}
