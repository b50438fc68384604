import Foundation
import Testing
import Varlink

@testable import stipplectl

/// The manual page holds every command, argument and exit status, as the command line itself says them. `make man` writes it.
@Suite struct ManualTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    page = try String(contentsOf: root.appending(path: "Documentation/man/stipplectl.1"), encoding: .utf8)
  }

  private func expect(_ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(
      page.contains(words), "the page lacks '\(words)': make man", sourceLocation: sourceLocation)
  }

  /// Calls the body with every command and the words that lead to it.
  private func walk(_ command: JSONValue, _ path: [String], _ body: ([String], JSONValue) -> Void) {
    for one in command["subcommands"]?.array ?? [] {
      guard let name = one["commandName"]?.string, name != "help", one["shouldDisplay"]?.bool == true else {
        continue
      }
      body(path + [name], one)
      walk(one, path + [name], body)
    }
  }

  @Test func everyCommandAndEveryArgumentIsInIt() throws {
    let dump = try JSONParser.parse(Stipplectl.selfDescription)
    let root = try #require(dump["command"])
    var count = 0
    walk(root, ["stipplectl"]) { path, command in
      count += 1
      if command["subcommands"] == nil { expect(".Nm \(path.joined(separator: " "))\n") }
      for argument in command["arguments"]?.array ?? [] where argument["shouldDisplay"]?.bool == true {
        if let option = argument["preferredName"]?["name"]?.string { expect("-\(option)") }
        if argument["kind"] == "positional", let value = argument["valueName"]?.string {
          expect("Ar \(value)")
        }
      }
    }
    #expect(count > 50, "only \(count) commands were found")
  }

  @Test func everyExitStatusIsInIt() {
    for status in ExitStatus.allCases {
      expect(
        ".It \(status.rawValue)\n\(status.meaning.prefix(1).uppercased())\(status.meaning.dropFirst()).\n")
    }
  }
}
