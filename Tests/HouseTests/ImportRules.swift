import Foundation
import Testing

/// Who may import whom. A target that is not listed here fails the test: its place in the house has to be decided first.
@Suite struct ImportRules {
  /// For each target, the targets of this package that it may import. The picture is in `CONTRIBUTING.md`.
  static let allowed: [String: Set<String>] = [
    "Units": [],
    "NeedleSafety": ["Units"],
    "StrokeControl": ["NeedleSafety", "Units"],
    "DriveLink": ["StrokeControl", "NeedleSafety", "Units"],
    "ControlLoop": ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
  ]

  /// Below the bridge nothing but the standard library is imported.
  static let pure: Set<String> = ["Units", "NeedleSafety", "StrokeControl", "DriveLink"]

  @Test func everyTargetImportsOnlyWhatLiesBelowIt() throws {
    for target in try House.targets() {
      let permitted = try #require(Self.allowed[target], "no place decided for target \(target)")
      for file in try House.swiftFiles(under: "Sources/\(target)") {
        for module in file.imports where Self.allowed[module] != nil && module != target {
          #expect(permitted.contains(module), "\(file.path) imports \(module): \(target) may not")
        }
      }
    }
  }

  @Test func belowTheBridgeOnlyTheStandardLibraryIsImported() throws {
    let free: Set<String> = ["Synchronization"]
    for target in Self.pure {
      for file in try House.swiftFiles(under: "Sources/\(target)") {
        for module in file.imports where !free.contains(module) {
          #expect(Self.pure.contains(module), "\(file.path) imports \(module)")
        }
      }
    }
  }
}
