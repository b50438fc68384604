import Foundation
import Testing

/// What keeps the house tidy: sizes of files, and words that are promises or traps.
@Suite struct HouseRules {
  @Test func noSourceFileIsLongerThanFourHundredLines() throws {
    for file in try House.swiftFiles(under: "Sources") {
      #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines: split it by noun")
    }
  }

  @Test func theMedianSourceFileReadsInAMinute() throws {
    let lengths = try House.swiftFiles(under: "Sources").map(\.lines.count).sorted()
    let median = lengths.isEmpty ? 0 : lengths[lengths.count / 2]
    #expect(median < 150, "median length of a source file is \(median) lines")
  }

  @Test func noSourceTrapsOnInputOrPromisesLater() throws {
    let forbidden = ["try!", " as! ", "fatalError(", "TODO", "FIXME"]
    for file in try House.swiftFiles(under: "Sources") {
      for (index, line) in file.lines.enumerated() {
        for word in forbidden where line.contains(word) {
          Issue.record("\(file.path):\(index + 1) has `\(word)`")
        }
      }
    }
  }

  @Test func everyTargetHasADocumentationPage() throws {
    for target in try House.targets() {
      let page = House.root.appending(path: "Sources/\(target)/\(target).docc/\(target).md")
      #expect(
        FileManager.default.fileExists(atPath: page.path), "\(target) has no \(target).docc/\(target).md")
    }
  }
}
