import Foundation
import Testing

/// Screens kept as text files beside this one, to be looked at by people.
enum Golden {
  static func check(
    _ lines: [String], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).txt")
    let expected = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let actual = lines.joined(separator: "\n") + "\n"
    if actual != expected {
      Issue.record("\(name).txt differs; the screen now is\n\(actual)(end)", sourceLocation: sourceLocation)
    }
  }
}
