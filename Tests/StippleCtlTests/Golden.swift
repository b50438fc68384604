import Foundation
import Testing

/// Screens kept as text files beside this one, to be looked at by people.
enum Golden {
  static func check(
    _ lines: [String], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    // Blanks at the end of a line are not seen, and no editor keeps them.
    let actual = lines.map { $0.replacing(/[ ]+$/, with: "") }.joined(separator: "\n") + "\n"
    if actual != expected {
      Issue.record("\(name).txt differs; the screen now is\n\(actual)(end)", sourceLocation: sourceLocation)
    }
  }
}
