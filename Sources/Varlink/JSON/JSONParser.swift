/// A strict, bounded reader of JSON (RFC 8259).
///
/// Stricter than most, because the other side may be hostile or wrong: duplicate keys are refused (two readers
/// would disagree on which one counts), an integer never turns into a float, strings must be UTF-8, and depth,
/// length and number of values are bounded. Keys that are equal under Unicode canonical equivalence count as duplicates.
public struct JSONParser {
  private let bytes: [UInt8]
  private let limits: JSONLimits
  private var offset = 0
  private var valueCount = 0

  /// Reads the whole text as one value.
  public static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue
  {
    guard bytes.count <= limits.length else {
      throw JSONError(offset: limits.length, cause: .tooLong(limit: limits.length))
    }
    var parser = Self(bytes: bytes, limits: limits)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.failure(.trailingBytes) }
    return value
  }

  /// Reads the whole text as one value.
  public static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }

  private init(bytes: [UInt8], limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  private func failure(_ cause: JSONError.Cause, at position: Int? = nil) -> JSONError {
    JSONError(offset: position ?? offset, cause: cause)
  }

  private func peek() throws(JSONError) -> UInt8 {
    guard offset < bytes.count else { throw failure(.unexpectedEnd) }
    return bytes[offset]
  }

  private mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    valueCount += 1
    guard valueCount <= limits.values else { throw failure(.tooManyValues(limit: limits.values)) }
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure(.unexpectedByte(byte, expected: "a value"))
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for expected in text.description.utf8 {
      let byte = try peek()
      guard byte == expected else { throw failure(.unexpectedByte(byte, expected: "\(text)")) }
      offset += 1
    }
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= limits.nesting else { throw failure(.nestedTooDeep(limit: limits.nesting)) }
    offset += 1
    var elements: [JSONValue] = []
    skipSpace()
    if try peek() == UInt8(ascii: "]") {
      offset += 1
      return .array(elements)
    }
    while true {
      skipSpace()
      elements.append(try value(depth: depth))
      skipSpace()
      let byte = try peek()
      offset += 1
      switch byte {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "]"): return .array(elements)
      default: throw failure(.unexpectedByte(byte, expected: "',' or ']'"), at: offset - 1)
      }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= limits.nesting else { throw failure(.nestedTooDeep(limit: limits.nesting)) }
    offset += 1
    var object = JSONObject()
    skipSpace()
    if try peek() == UInt8(ascii: "}") {
      offset += 1
      return .object(object)
    }
    while true {
      skipSpace()
      let start = offset
      let quote = try peek()
      guard quote == UInt8(ascii: "\"") else {
        throw failure(.unexpectedByte(quote, expected: "a key in quotes"))
      }
      let key = try string()
      skipSpace()
      let colon = try peek()
      guard colon == UInt8(ascii: ":") else { throw failure(.unexpectedByte(colon, expected: "':'")) }
      offset += 1
      skipSpace()
      let element = try value(depth: depth)
      guard object.appendIfNew(key, element) else { throw failure(.duplicateKey(key), at: start) }
      skipSpace()
      let byte = try peek()
      offset += 1
      switch byte {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "}"): return .object(object)
      default: throw failure(.unexpectedByte(byte, expected: "',' or '}'"), at: offset - 1)
      }
    }
  }
}

// MARK: - Numbers

extension JSONParser {
  private func isDigit(at position: Int) -> Bool {
    position < bytes.count && bytes[position] >= UInt8(ascii: "0") && bytes[position] <= UInt8(ascii: "9")
  }

  private mutating func digits() throws(JSONError) {
    guard isDigit(at: offset) else { throw failure(offset < bytes.count ? .invalidNumber : .unexpectedEnd) }
    while isDigit(at: offset) { offset += 1 }
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = offset
    var isInteger = true
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let leading = offset
    try digits()
    if bytes[leading] == UInt8(ascii: "0") && offset > leading + 1 {
      throw failure(.invalidNumber, at: start)
    }
    if offset < bytes.count && bytes[offset] == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      try digits()
    }
    if offset < bytes.count && (bytes[offset] | 0x20) == UInt8(ascii: "e") {
      isInteger = false
      offset += 1
      if offset < bytes.count && (bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-")) {
        offset += 1
      }
      try digits()
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isInteger {
      guard let integer = Int64(text) else { throw failure(.integerOutOfRange, at: start) }
      return .integer(integer)
    }
    guard let float = Double(text), float.isFinite else { throw failure(.floatOutOfRange, at: start) }
    return .float(float)
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(JSONError) -> String {
    offset += 1
    let start = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        let text = try validated(bytes[start..<offset], from: start)
        offset += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw failure(.controlCharacter(byte)) }
      offset += 1
    }
    throw failure(.unexpectedEnd)
  }

  /// The slower path, taken at the first backslash.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var content = Array(bytes[start..<offset])
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""):
        let text = try validated(content[...], from: start)
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        let scalar = try escape()
        content.append(contentsOf: Array(String(Character(scalar)).utf8))
      case 0..<0x20: throw failure(.controlCharacter(byte))
      default:
        content.append(byte)
        offset += 1
      }
    }
    throw failure(.unexpectedEnd)
  }

  private func validated(_ content: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure(.invalidUTF8, at: start)
    }
    return text
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    let byte = try peek()
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default: throw failure(.invalidEscape, at: start)
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw failure(.loneSurrogate, at: start) }
    offset += 2
    let second = try codeUnit(from: start)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00))
    else { throw failure(.loneSurrogate, at: start) }
    return scalar
  }

  private mutating func codeUnit(from start: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      let byte = try peek()
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure(.invalidEscape, at: start)
      }
      unit = unit << 4 | UInt16(digit)
      offset += 1
    }
    return unit
  }
}
