/// Writes JSON: compact for the wire, or indented for people.
public struct JSONWriter {
  private var bytes: [UInt8] = []
  private let indent: Int?

  /// The compact text as UTF-8.
  public static func bytes(_ value: JSONValue) -> [UInt8] {
    var writer = Self(indent: nil)
    writer.write(value, level: 0)
    return writer.bytes
  }

  /// The text; with `indent`, one field per line and that many spaces per level.
  public static func text(_ value: JSONValue, indent: Int? = nil) -> String {
    var writer = Self(indent: indent)
    writer.write(value, level: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private init(indent: Int?) { self.indent = indent }

  private mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .float(let value): append(value.isFinite ? value.description : "null")
    case .string(let value): write(string: value)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        newLine(level + 1)
        write(element, level: level + 1)
      }
      if !elements.isEmpty { newLine(level) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for (name, element) in object {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        newLine(level + 1)
        write(string: name)
        append(indent == nil ? ":" : ": ")
        write(element, level: level + 1)
      }
      if !object.isEmpty { newLine(level) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func newLine(_ level: Int) {
    guard let indent else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * indent))
  }

  private mutating func write(string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\r"): append("\\r")
      case UInt8(ascii: "\t"): append("\\t")
      case 0..<0x20:
        let hex = String(byte, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { JSONWriter.text(self) }
}
