/// Why a text is not acceptable JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Cause: Hashable, Sendable {
    case unexpectedEnd
    case unexpectedByte(UInt8, expected: String)
    case trailingBytes
    case duplicateKey(String)
    case nestedTooDeep(limit: Int)
    case tooLong(limit: Int)
    case tooManyValues(limit: Int)
    case invalidNumber
    case integerOutOfRange
    case floatOutOfRange
    case invalidEscape
    case loneSurrogate
    case controlCharacter(UInt8)
    case invalidUTF8
  }

  /// Bytes from the start of the text to the fault.
  public var offset: Int
  public var cause: Cause

  public init(offset: Int, cause: Cause) {
    self.offset = offset
    self.cause = cause
  }

  public var description: String { "byte \(offset): \(cause)" }
}

extension JSONError.Cause: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unexpectedEnd: "the text ends in the middle of a value"
    case .unexpectedByte(let byte, let expected):
      "expected \(expected), found \(Self.name(byte))"
    case .trailingBytes: "something follows the value"
    case .duplicateKey(let key): "the key \"\(key.prefix(64))\" occurs twice in one object"
    case .nestedTooDeep(let limit): "nested deeper than \(limit)"
    case .tooLong(let limit): "longer than \(limit) bytes"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .invalidNumber: "not a number as JSON writes it"
    case .integerOutOfRange: "an integer that does not fit 64 bits"
    case .floatOutOfRange: "a number beyond what a double holds"
    case .invalidEscape: "not an escape sequence of JSON"
    case .loneSurrogate: "half of a surrogate pair"
    case .controlCharacter(let byte): "control character \(byte) in a string; JSON wants it escaped"
    case .invalidUTF8: "not UTF-8"
    }
  }

  /// How a byte is shown to a person.
  static func name(_ byte: UInt8) -> String {
    byte >= 0x21 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
  }
}
