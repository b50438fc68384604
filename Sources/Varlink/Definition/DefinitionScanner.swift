/// Splits a definition into tokens, and keeps the comments that stand before each.
struct DefinitionScanner {
  enum Token: Equatable {
    case word(String)
    case punctuation(Character)
    case arrow
    case end

    var description: String {
      switch self {
      case .word(let word): "'\(word)'"
      case .punctuation(let character): "'\(character)'"
      case .arrow: "'->'"
      case .end: "the end of the text"
      }
    }
  }

  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1
  private var lineStart = 0
  /// The token ahead, where it starts, and the comment block that ends directly above it.
  private(set) var token = Token.end
  private(set) var tokenLine = 1
  private(set) var tokenColumn = 1
  private(set) var documentation = ""

  init(_ text: String) throws(DefinitionError) {
    bytes = Array(text.utf8)
    try advance()
  }

  func failure(_ reason: String) -> DefinitionError {
    DefinitionError(line: tokenLine, column: tokenColumn, reason: reason)
  }

  /// Moves to the next token.
  mutating func advance() throws(DefinitionError) {
    skipSpaceAndComments()
    tokenLine = line
    tokenColumn = offset - lineStart + 1
    guard offset < bytes.count else {
      token = .end
      return
    }
    let byte = bytes[offset]
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "?"),
      UInt8(ascii: "["), UInt8(ascii: "]"):
      token = .punctuation(Character(Unicode.Scalar(byte)))
      offset += 1
    case UInt8(ascii: "-") where offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: ">"):
      token = .arrow
      offset += 2
    default:
      let start = offset
      while offset < bytes.count, Self.isWordByte(bytes[offset]), !startsArrow { offset += 1 }
      guard offset > start else { throw failure("unexpected \(JSONError.Cause.name(byte))") }
      token = .word(String(decoding: bytes[start..<offset], as: UTF8.self))
    }
  }

  private var startsArrow: Bool {
    bytes[offset] == UInt8(ascii: "-") && offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: ">")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A blank line ends a comment block: only the block that touches the token documents it.
  private mutating func skipSpaceAndComments() {
    var block: [String] = []
    var lineIsBlank = offset == lineStart
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0D: offset += 1
      case 0x0A:
        if lineIsBlank { block = [] }
        offset += 1
        line += 1
        lineStart = offset
        lineIsBlank = true
      case UInt8(ascii: "#"):
        let start = offset + 1
        while offset < bytes.count && bytes[offset] != 0x0A { offset += 1 }
        var text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if text.hasPrefix(" ") { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        block.append(text)
        lineIsBlank = false
      default:
        documentation = block.joined(separator: "\n")
        return
      }
    }
    documentation = block.joined(separator: "\n")
  }
}
