/// The shapes of names that the definition language allows.
enum DefinitionNames {
  /// Reverse-domain: at least two parts, letters, digits and inner hyphens, the first beginning with a letter.
  static func isInterface(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, name.utf8.count <= 255, name.utf8.first.map(isLetter) == true else {
      return false
    }
    return parts.allSatisfy { part in
      guard let first = part.utf8.first, let last = part.utf8.last else { return false }
      return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
        && part.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }
  }

  /// Types, methods and errors: a capital letter, then letters and digits.
  static func isMember(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first), first < UInt8(ascii: "a") else { return false }
    return name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  /// Fields and enum values: a letter, then letters, digits and single inner underscores.
  static func isField(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first), name.utf8.last != UInt8(ascii: "_") else {
      return false
    }
    var previous: UInt8 = 0
    for byte in name.utf8 {
      guard isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") else { return false }
      if byte == UInt8(ascii: "_") && previous == byte { return false }
      previous = byte
    }
    return true
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
