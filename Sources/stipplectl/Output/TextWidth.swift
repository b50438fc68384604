/// How many columns a text takes, and texts made to take that many.
///
/// What comes over the socket may hold anything; control characters could move the cursor or fake a line, so they are shown as `?`.
enum TextWidth {
  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + columns($1) } }

  /// At most `width` columns; a text that was cut ends in `…`.
  static func clipped(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 1 else { return width == 1 ? "…" : "" }
    var (result, used) = ("", 0)
    for character in text {
      let next = of(String(character))
      guard used + next <= width - 1 else { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  /// Exactly `width` columns.
  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let clipped = clipped(text, to: width)
    let blanks = String(repeating: " ", count: max(0, width - of(clipped)))
    return right ? blanks + clipped : clipped + blanks
  }

  /// The text without anything a terminal would obey.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars { result.unicodeScalars.append(isControl(scalar) ? "?" : scalar) }
    return result
  }

  /// Broken at blanks into lines of at most `width` columns; longer words stand alone and are not cut.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if line.isEmpty {
        line = String(word)
      } else if of(line) + 1 + of(String(word)) <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return lines + [line]
  }

  /// A line's last column: broken at blanks, what goes on below standing under its beginning at column `indent`.
  static func hanging(_ text: String, at indent: Int, width: Int) -> String {
    wrapped(text, to: max(20, width - indent)).joined(separator: "\n" + String(repeating: " ", count: indent))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }

  /// Two for the wide scripts and for emoji, none for what combines (Unicode's East Asian Width, in coarse ranges).
  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1FAFF:
      2
    default: 1
    }
  }
}
