/// A SHA-256 digest.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// Exactly 32 bytes.
  public let bytes: [UInt8]

  /// 32 zero bytes, the digest of nothing known.
  static var zero: SHA256Digest { SHA256Digest(whole: [UInt8](repeating: 0, count: 32)) }

  private init(whole bytes: [UInt8]) { self.bytes = bytes }

  /// `nil` unless there are 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// From 64 hexadecimal digits; `nil` for anything else.
  public init?(hexadecimal text: String) {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == 64, text.utf8.count == 64 else { return nil }
    self.init(bytes: stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) })
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef")
    var text = ""
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  /// The digest of some bytes.
  public static func of(_ bytes: [UInt8]) throws(SessionLogError) -> SHA256Digest {
    var hasher = try SHA256Hasher()
    try hasher.add(bytes.span)
    return try hasher.finish()
  }
}
