/// Looks at a profile's text before any parser does, and refuses what would cost a parser more than it is worth.
struct YamlBounds {
  /// Deeper than any profile by a factor of two; it bounds recursion.
  static let deepest = 8
  static let aliasMessage = "anchors and aliases are not accepted in a profile; write the value out"

  let log: ProblemLog

  /// Refuses what costs a parser more than it is worth: anchors (and with them aliases, which can grow a small text without
  /// bound) and deep nesting. Looks at the text before any parser does.
  func hold(_ text: String) -> Bool {
    var place = Place(line: 1, column: 0)
    var before: Unicode.Scalar = "\n"
    var anchorAt: Place?
    var brackets = 0
    var inIndent = true
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        place = Place(line: place.line + 1, column: 0)
        before = scalar
        anchorAt = nil
        inIndent = true
        continue
      }
      place = Place(line: place.line, column: place.column + 1)
      if let start = anchorAt {
        anchorAt = nil
        // '&' followed by a blank is no anchor, and after a letter it is part of a word (R&D).
        if Self.isNameScalar(scalar) {
          log.error(Self.aliasMessage, at: start)
          return false
        }
      }
      if scalar == "&", !Self.isNameScalar(before) { anchorAt = place }
      if scalar == "[" || scalar == "{" { brackets += 1 }
      if scalar == "]" || scalar == "}" { brackets = max(0, brackets - 1) }
      if !(scalar == " " || scalar == "-" || scalar == "?") { inIndent = false }
      if brackets > 4 * Self.deepest || (inIndent && place.column > 8 * Self.deepest) {
        log.error("nested more deeply than a profile ever is", at: place)
        return false
      }
      before = scalar
    }
    return true
  }

  private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
