public import Logging

/// One line of the log with the fields that make it findable.
public struct LogLine: Equatable, Sendable {
  public var level: Logger.Level
  public var text: String
  /// By journal field name; a name the journal would refuse is made into one it takes.
  public var fields: [String: String]

  public init(level: Logger.Level, text: String, fields: [String: String] = [:]) {
    self.level = level
    self.text = text
    self.fields = fields
  }

  /// syslog(3)'s level, 2 (critical) to 7 (debug).
  var priority: Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }

  /// A field's name as the journal takes it: capitals, digits and underscores, no underscore or digit first (those are the
  /// journal's own), 64 bytes at most. `nil` when nothing is left.
  static func fieldName(_ name: String) -> String? {
    let bytes = name.utf8.map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
      default: UInt8(ascii: "_")
      }
    }
    let kept = bytes.drop { $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return kept.isEmpty ? nil : String(decoding: kept.prefix(64), as: UTF8.self)
  }
}
