/// Swift source under construction: lines with their indentation.
struct SwiftText {
  private(set) var text = ""
  private var level = 0

  mutating func line(_ line: String = "") {
    if !line.isEmpty { text += String(repeating: "  ", count: level) + line }
    text += "\n"
  }

  /// A line that opens a block, the block, and its closing brace.
  mutating func block(_ opening: String, _ body: (inout SwiftText) -> Void) {
    line(opening + " {")
    indented(body)
    line("}")
  }

  mutating func indented(_ body: (inout SwiftText) -> Void) {
    level += 1
    body(&self)
    level -= 1
  }

  /// A documentation comment; nothing when there is nothing to say.
  mutating func documentation(_ documentation: String) {
    guard !documentation.isEmpty else { return }
    for part in documentation.split(separator: "\n", omittingEmptySubsequences: false) {
      line(part.isEmpty ? "///" : "/// \(part)")
    }
  }
}
