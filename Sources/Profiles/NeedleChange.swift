public import Units

/// One changed field of a needle profile, as written on the command line: `depth=0.5mm`.
public struct NeedleChange: Equatable, Sendable {
  /// The fields a person may change from the command line; the others are edited in the text.
  public static let fields = ["mode", "rate", "depth", "dwell", "strokes_per_dot", "dot_rate"]

  public let field: String
  public let value: String

  /// From `field=value`. `-` in the field counts as `_`. Throws a sentence that says what is expected.
  public init(_ text: String) throws(QuantityProblem) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw QuantityProblem("'\(text)' is not a change; expected field=value such as depth=0.5mm")
    }
    guard let change = NeedleChange(named: String(parts[0]), value: String(parts[1])) else {
      throw QuantityProblem("'\(parts[0])' is not \(Self.expected(insteadOf: String(parts[0])))")
    }
    self = change
  }

  /// A field and its value as a program gives them; `nil` for a field that there is not.
  public init?(named field: String, value: String) {
    let field = String(field.map { $0 == "-" ? "_" : $0 })
    guard Self.fields.contains(field) else { return nil }
    self.init(field: field, value: value)
  }

  /// `one of mode, rate …; did you mean 'depth'?`
  public static func expected(insteadOf field: String) -> String {
    "one of \(fields.joined(separator: ", "))\(NearestWord.suggestion(for: field, in: fields))"
  }

  init(field: String, value: String) {
    self.field = field
    self.value = value
  }
}
