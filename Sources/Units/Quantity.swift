/// A quantity as a person writes it, read to the exact integer that is enforced.
///
/// `0.45 mm` is 450 µm and `450 um` is the same 450 µm. No floating point takes part: a figure with more decimals than its
/// type resolves is refused rather than rounded, since a rounded limit is not the limit that was written.
public enum Quantity {
  /// Longest text taken for a quantity; the longest sensible one is under twenty characters.
  public static let longestText = 64

  /// Reads `text` as a quantity of one type.
  ///
  /// Throws when there is no number, no unit, a unit of another dimension, a figure finer than the type, or one beyond its
  /// range. The message names what was written and what is expected.
  public static func read<Value: WrittenQuantity>(
    _ text: String, as _: Value.Type = Value.self
  ) throws(QuantityProblem) -> Value {
    let dimension = Value.dimension
    guard let value = Value(exactly: try count(of: text, in: dimension)) else {
      throw QuantityProblem("'\(text)' is beyond what can be told apart from nonsense", expected: dimension)
    }
    return value
  }

  /// Reads `text` as a whole number without a unit.
  public static func readCount(_ text: String) throws(QuantityProblem) -> Int64 {
    let digits = text.utf8
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(text) else {
      throw QuantityProblem("'\(text)' is not a whole number")
    }
    return count
  }

  /// The quantity in the smallest unit its dimension resolves.
  static func count(of text: String, in dimension: Dimension) throws(QuantityProblem) -> Int64 {
    guard text.utf8.count <= longestText else {
      throw QuantityProblem("a text this long is not a quantity", expected: dimension)
    }
    let written = trimmed(Substring(text))
    let number = written.prefix {
      $0.isASCII && ($0.isNumber || $0 == "." || $0 == "," || $0 == "-" || $0 == "+")
    }
    let unit = trimmed(written.dropFirst(number.count))
    let decimal = try Decimal(number, in: text, expected: dimension)
    guard !unit.isEmpty else {
      throw QuantityProblem("'\(text)' has no unit", expected: dimension)
    }
    guard let scale = dimension.units[String(unit)] else {
      throw wrongUnit(String(unit), in: text, expected: dimension)
    }
    return try decimal.scaled(by: scale, text: text, dimension: dimension)
  }

  private static func wrongUnit(
    _ unit: String, in text: String, expected: Dimension
  ) -> QuantityProblem {
    if let other = Dimension.allCases.first(where: { $0.units[unit] != nil }) {
      return QuantityProblem("'\(text)' is \(other.title)", expected: expected)
    }
    return QuantityProblem("the unit '\(unit)' of '\(text)' is not known", expected: expected)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

/// Why a text is not the quantity that was expected: what is wrong, and what would be right.
public struct QuantityProblem: Error, Equatable, Sendable, CustomStringConvertible {
  public let message: String

  public init(_ complaint: String) { message = complaint }

  init(_ complaint: String, expected: Dimension) {
    message = complaint + "; expected \(expected.title) such as \(expected.example)"
  }

  public var description: String { message }
}

/// A decimal figure, kept as its digits and how many of them stand behind the point.
private struct Decimal {
  let digits: Int64
  let decimals: Int

  init(_ number: Substring, in text: String, expected: Dimension) throws(QuantityProblem) {
    if number.contains(",") {
      throw QuantityProblem("'\(text)' has a comma; write the decimal point as '.'", expected: expected)
    }
    let negative = number.first == "-"
    let unsigned = negative ? number.dropFirst() : number
    let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy(Self.isDigits) else {
      throw QuantityProblem("'\(text)' does not start with a number", expected: expected)
    }
    var fraction = parts.count == 2 ? parts[1] : ""
    while fraction.last == "0" { fraction.removeLast() }
    guard let whole = Int64(parts[0] + fraction) else {
      throw QuantityProblem("'\(text)' is too large or too fine", expected: expected)
    }
    digits = negative ? -whole : whole
    decimals = fraction.count
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The figure times `scale`, exactly.
  func scaled(by scale: UnitScale, text: String, dimension: Dimension) throws(QuantityProblem) -> Int64 {
    var remaining = scale.factor
    var missing = decimals
    while missing > 0, remaining.isMultiple(of: 10) {
      remaining /= 10
      missing -= 1
    }
    // What the unit's tens do not cover, the figure has to cover by itself: 0.5 h is whole minutes.
    let (product, overflow) = digits.multipliedReportingOverflow(by: remaining)
    guard !overflow else {
      throw QuantityProblem("'\(text)' is too large", expected: dimension)
    }
    var divisor = scale.divisor
    for _ in 0..<missing {
      let (next, tooFine) = divisor.multipliedReportingOverflow(by: 10)
      guard !tooFine else { throw QuantityProblem(tooFineMessage(text, dimension), expected: dimension) }
      divisor = next
    }
    guard product.isMultiple(of: divisor) else {
      guard scale.divisor == 1 else {
        throw QuantityProblem(
          "'\(text)' is not a whole number of \(dimension.resolution)", expected: dimension)
      }
      throw QuantityProblem(tooFineMessage(text, dimension), expected: dimension)
    }
    return product / divisor
  }

  private func tooFineMessage(_ text: String, _ dimension: Dimension) -> String {
    "'\(text)' has more decimals than \(dimension.resolution) resolves"
  }
}
