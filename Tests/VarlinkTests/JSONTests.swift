import Testing
import Varlink

@Suite struct JSONTests {
  @Test func integersStayApartFromFloats() throws {
    #expect(try JSONParser.parse("1") == .integer(1))
    #expect(try JSONParser.parse("1.0") == .float(1.0))
    #expect(try JSONParser.parse("1e0") == .float(1.0))
    #expect(try JSONParser.parse("-9223372036854775808") == .integer(Int64.min))
    #expect(JSONWriter.text(.float(1)) == "1.0")
    #expect(JSONWriter.text(.integer(1)) == "1")
  }

  @Test(arguments: [
    ("", 0, JSONError.Cause.unexpectedEnd),
    ("{\"a\":1,\"a\":2}", 7, .duplicateKey("a")),
    ("[1,]", 3, .unexpectedByte(93, expected: "a value")),
    ("[1 2]", 3, .unexpectedByte(50, expected: "',' or ']'")),
    ("{a:1}", 1, .unexpectedByte(97, expected: "a key in quotes")),
    ("01", 0, .invalidNumber), ("-", 1, .unexpectedEnd), ("1.", 2, .unexpectedEnd),
    ("1.x", 2, .invalidNumber),
    ("9223372036854775808", 0, .integerOutOfRange), ("1e400", 0, .floatOutOfRange),
    ("1 2", 2, .trailingBytes),
    ("nul", 3, .unexpectedEnd), ("\"\\x\"", 1, .invalidEscape), ("\"\\ud800\"", 1, .loneSurrogate),
    ("\"\\ud800\\u0041\"", 1, .loneSurrogate), ("\"\\udc00\"", 1, .loneSurrogate),
    ("\"a\nb\"", 2, .controlCharacter(10)),
    ("\"abc", 4, .unexpectedEnd), ("\"\\u00g0\"", 1, .invalidEscape),
    ("NaN", 0, .unexpectedByte(78, expected: "a value")),
  ])
  func aFaultIsNamedWithItsOffset(text: String, offset: Int, cause: JSONError.Cause) {
    #expect(throws: JSONError(offset: offset, cause: cause)) { try JSONParser.parse(text) }
  }

  @Test func stringsMustBeUTF8() {
    #expect(throws: JSONError(offset: 1, cause: .invalidUTF8)) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError(offset: 1, cause: .invalidUTF8)) {
      try JSONParser.parse([0x22, 0xED, 0xA0, 0x80, 0x22])
    }
  }

  @Test func nestingIsBoundedAt32() throws {
    let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
    #expect(throws: Never.self) { try JSONParser.parse(deep(32)) }
    #expect(throws: JSONError(offset: 32, cause: .nestedTooDeep(limit: 32))) {
      try JSONParser.parse(deep(33))
    }
    let bomb = String(repeating: "{\"a\":", count: 10_000)
    #expect(throws: JSONError(offset: 160, cause: .nestedTooDeep(limit: 32))) { try JSONParser.parse(bomb) }
  }

  @Test func lengthAndNumberOfValuesAreBounded() {
    let limits = JSONLimits(length: 10, nesting: 32, values: 4)
    #expect(throws: JSONError(offset: 10, cause: .tooLong(limit: 10))) {
      try JSONParser.parse("\"123456789\"", limits: limits)
    }
    #expect(throws: JSONError(offset: 7, cause: .tooManyValues(limit: 4))) {
      try JSONParser.parse("[1,2,3,4]", limits: limits)
    }
    #expect(throws: Never.self) { try JSONParser.parse("[1,2,3]", limits: limits) }
  }

  @Test func escapesAreReadAndWritten() throws {
    let value = try JSONParser.parse(#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000""#)
    #expect(value == .string("a\"\\/\u{8}\u{C}\n\r\té😀\u{0}"))
    #expect(JSONWriter.text(value) == #""a\"\\/\u0008\u000c\n\r\té😀\u0000""#)
  }

  @Test func objectsKeepTheirOrderAndAreEqualInAny() throws {
    let value = try JSONParser.parse(" { \"b\" : [ true , null ] , \"a\" : {} } ")
    #expect(JSONWriter.text(value) == #"{"b":[true,null],"a":{}}"#)
    #expect(value == ["a": [:], "b": [true, nil]])
    #expect(JSONWriter.text(value, indent: 2) == "{\n  \"b\": [\n    true,\n    null\n  ],\n  \"a\": {}\n}")
  }

  @Test func whatIsNotFiniteIsWrittenAsNull() {
    #expect(JSONWriter.text([.float(.infinity), .float(.nan)]) == "[null,null]")
  }

  @Test func randomValuesSurviveTheRoundTrip() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let value = random.value(depth: 0)
      #expect(try JSONParser.parse(JSONWriter.bytes(value)) == value, "seed \(seed)")
    }
  }

  @Test func randomBytesNeverDoWorseThanAnError() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]\",:0123456789.eE+-truefalsn\\u \u{0}\u{80}".utf8)
    var accepted = 0
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      if let value = try? JSONParser.parse(bytes) {
        accepted += 1
        #expect((try? JSONParser.parse(JSONWriter.bytes(value))) == value, "seed \(seed)")
      }
    }
    #expect(accepted > 0, "seed \(seed)")
  }
}
