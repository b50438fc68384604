/// One thing wrong, or worth a second look, in a profile: where it stands, what it is, and what would be right.
public struct ProfileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Severity: Hashable, Sendable {
    /// The profile is refused.
    case error
    /// The value is allowed, and beyond what is usual.
    case warning
  }

  public let severity: Severity
  /// The file as it was given, or a name for a text that is no file.
  public let file: String
  /// Counts from 1; 0 when the file as a whole is at fault.
  public let line: Int
  /// Counts from 1, in Unicode scalars; 0 when the file as a whole is at fault.
  public let column: Int
  /// The field by its dotted path (`ceilings.stroke_rate`), `nil` when the text could not be read that far.
  public let field: String?
  public let message: String
  /// The refused value in the unit it is shown in, where a limit was broken.
  public let value: String?
  /// The limit it broke, in the same unit.
  public let ceiling: String?
  /// The line of the text at which it stands, `nil` when the file as a whole is at fault.
  public let source: String?

  public init(
    severity: Severity = .error, file: String, place: Place, field: String? = nil, message: String,
    value: String? = nil, ceiling: String? = nil, source: String? = nil
  ) {
    self.severity = severity
    self.file = file
    line = place.line
    column = place.column
    self.field = field
    self.message = message
    self.value = value
    self.ceiling = ceiling
    self.source = source
  }

  public var place: Place { Place(line: line, column: column) }

  /// One line: `file:line:column: message`, with `warning:` before the message of a warning.
  public var headline: String {
    let position = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(position): \(severity == .warning ? "warning: " : "")\(message)"
  }

  /// The headline, the source line below it, and a caret below its column.
  public var description: String {
    guard let source, line > 0 else { return headline }
    // A tab stays a tab, so that the caret stands right whatever a terminal makes of it.
    let lead = source.unicodeScalars.prefix(max(0, column - 1)).map { $0 == "\t" ? "\t" : " " }.joined()
    return "\(headline)\n  \(source)\n  \(lead)^"
  }
}
