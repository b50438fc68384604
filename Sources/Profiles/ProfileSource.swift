/// The bytes of one profile, and the name under which problems speak of it.
public struct ProfileSource: Sendable {
  /// Sixty times the longest shipped profile; a larger file is not a profile.
  public static let byteCeiling = 256 * 1024

  public let file: String
  public let bytes: [UInt8]
  /// The profile has to carry the file's name.
  let isNamed: Bool

  public init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    isNamed = true
  }

  /// A text that is no file yet (`isNamed: false`) may carry any name.
  public init(file: String, text: String, isNamed: Bool = true) {
    self.file = file
    bytes = Array(text.utf8)
    self.isNamed = isNamed
  }

  /// The file's name without folders and extension: the name its profile has to carry.
  var stem: String {
    let name = file.split(separator: "/").last ?? ""
    return String(name.hasSuffix(".yaml") ? name.dropLast(5) : name)
  }

  /// The text with every line ended by one newline, or the problem that keeps the bytes from being text.
  func text() throws(ProfileProblem) -> String {
    guard bytes.count <= Self.byteCeiling else {
      throw ProfileProblem(
        file: file, place: .wholeFile,
        message: "the file has \(bytes.count) bytes; a profile has at most "
          + "\(Self.byteCeiling)", value: "\(bytes.count)", ceiling: "\(Self.byteCeiling)")
    }
    let unmarked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    var place = Place(line: 1, column: 1)
    var decoder = UTF8()
    var iterator = unmarked.makeIterator()
    var scalars = String.UnicodeScalarView()
    var afterReturn = false
    scan: while true {
      switch decoder.decode(&iterator) {
      case .emptyInput: break scan
      case .error:
        throw ProfileProblem(file: file, place: place, message: "this byte is not part of UTF-8 text")
      case .scalarValue(let scalar):
        let skipped = afterReturn && scalar == "\n"
        afterReturn = scalar == "\r"
        if skipped { continue scan }
        guard let kept = Self.kept(scalar) else {
          throw ProfileProblem(
            file: file, place: place,
            message: "the control character U+\(Self.hexadecimal(scalar)) does not belong in a profile")
        }
        scalars.append(kept)
        place =
          kept == "\n"
          ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
      }
    }
    return String(scalars)
  }

  /// The scalar as it goes on to the parser, `nil` for one that no profile needs: control characters, and the line breaks
  /// that only some programs take for line breaks.
  private static func kept(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x0D: "\n"
    case 0x09, 0x0A: scalar
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: nil
    default: scalar
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
