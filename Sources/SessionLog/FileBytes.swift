import Glibc

/// Bytes of a file as they are, for handing it on.
public enum FileBytes {
  /// How many there are. Throws `.system`.
  public static func count(_ path: String) throws(SessionLogError) -> Int {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .system(operation: "stat", path: path, code: errno) }
    return Int(status.st_size)
  }

  /// At most `count` bytes from an offset; fewer at the end. Throws `.system`.
  public static func read(_ path: String, at offset: Int, count: Int) throws(SessionLogError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, code: errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .system(operation: "read", path: path, code: errno) }
      if got == 0 { break }
      filled += got
    }
    return Array(bytes[..<filled])
  }
}

/// RFC 4648, with padding: binary pieces in JSON.
public enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  public static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.enumerated().reduce(0) { $0 | UInt32($1.element) << UInt32(16 - 8 * $1.offset) }
      for place in 0..<4 {
        let isPadding = place > group.count
        text.append(isPadding ? 0x3D : alphabet[Int(word >> UInt32(18 - 6 * place) & 63)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `nil` for anything but whole groups of the alphabet, padded at the end only.
  public static func bytes(_ text: String) -> [UInt8]? {
    let symbols = Array(text.utf8)
    guard symbols.count.isMultiple(of: 4) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(symbols.count / 4 * 3)
    for start in stride(from: 0, to: symbols.count, by: 4) {
      let group = symbols[start..<start + 4]
      let padding = start + 4 == symbols.count ? group.reversed().prefix { $0 == 0x3D }.count : 0
      guard padding <= 2 else { return nil }
      var word: UInt32 = 0
      for symbol in group.dropLast(padding) {
        guard let value = value(symbol) else { return nil }
        word = word << 6 | value
      }
      word <<= UInt32(6 * padding)
      for shift in [16, 8, 0].dropLast(padding) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
      }
    }
    return bytes
  }

  private static func value(_ symbol: UInt8) -> UInt32? {
    switch symbol {
    case 0x41...0x5A: UInt32(symbol - 0x41)
    case 0x61...0x7A: UInt32(symbol - 0x61) + 26
    case 0x30...0x39: UInt32(symbol - 0x30) + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
