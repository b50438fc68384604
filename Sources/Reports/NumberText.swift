import Units

/// Numbers as a report shows them.
enum NumberText {
  /// `decimals` places, trailing zeros kept; a dash for what is not a number.
  static func of(_ value: Double, decimals: Int = 0) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "–" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return DecimalText.of(Int64((value * scale).rounded()), decimals: decimals, atLeast: decimals)
  }

  /// Thousands set apart: `14,000`.
  static func grouped<Value: BinaryInteger>(_ value: Value) -> String {
    var digits = String(value)
    let isNegative = digits.hasPrefix("-")
    if isNegative { digits.removeFirst() }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return isNegative ? "-" + text : text
  }

  /// `1 h 05 min`, `12 min 30 s`, `8.4 s`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 60 { return of(seconds, decimals: seconds < 10 ? 1 : 0) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3_600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3_600) h \(twoDigits(whole % 3_600 / 60)) min"
  }

  static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
