import Foundation
import Testing
import Varlink
import VarlinkGenerator

@Suite struct GeneratedCodeTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Folders of definitions, each with the folder of its Swift files.
  private static let folders = [
    ("Tests/VarlinkCertification", "Tests/VarlinkCertification/Generated"),
    ("Sources/ControlInterface/Definitions", "Sources/ControlInterface/Generated"),
  ]

  private static func names(in folder: URL, suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(suffix) }.sorted()
  }

  @Test(arguments: folders)
  func theCheckedInCodeIsWhatTheDefinitionsGive(definitions: String, generated: String) throws {
    let folder = Self.root.appendingPathComponent(definitions)
    let output = Self.root.appendingPathComponent(generated)
    var expected: [String] = []
    for name in try Self.names(in: folder, suffix: ".varlink") {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let definition = try InterfaceDefinition(text)
      #expect(name == definition.name + ".varlink", "a definition's file is named after its interface")
      for file in try SwiftGenerator.files(for: definition) {
        expected.append(file.name)
        let checkedIn = try String(contentsOf: output.appendingPathComponent(file.name), encoding: .utf8)
        #expect(checkedIn == file.text, "\(generated)/\(file.name) has drifted: run 'make generate'")
      }
    }
    #expect(!expected.isEmpty)
    #expect(try Self.names(in: output, suffix: ".swift") == expected.sorted())
  }

  @Test func aDefinitionThatTakesAGeneratedNameIsRefused() throws {
    let definition = try InterfaceDefinition("interface org.example.test\ntype Client (name: string)")
    #expect(throws: GeneratorError.self) { try SwiftGenerator.files(for: definition) }
  }

  @Test func wordsOfTheLanguageAndTakenNamesAreEscaped() throws {
    let definition = try InterfaceDefinition(
      """
      interface org.example.some-test
      type T (default: int, fields: int, at_us: int, type: (a, b), self_test: (self_test, in))
      """)
    let files = try SwiftGenerator.files(for: definition)
    let types = try #require(files.first { $0.name == "Sometest+T.swift" }).text
    for line in [
      "public var `default`: Int", "public var fieldsValue: Int", "public var atUs: Int",
      "public var type: TypeValue", "public enum TypeValue: String, VarlinkEnumeration {",
      "case selfTest = \"self_test\"", "case `in`",
    ] {
      #expect(types.contains(line), "\(line)")
    }
  }
}
