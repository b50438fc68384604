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
    "LinuxMachine": ["StrokeControl", "NeedleSafety", "Units"],
    "VirtualHandpiece": ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
    "stipple-handpiece": ["VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units"],
    "Profiles": ["NeedleSafety", "Units"],
    "MCAP": [],
    "SessionLog": ["MCAP", "Units"],
    "Catalog": ["SessionLog", "Units"],
    "Reports": ["SessionLog", "Units"],
    "Varlink": [],
    "VarlinkGenerator": ["Varlink"],
    "varlink-generate": ["Varlink", "VarlinkGenerator"],
    "ControlInterface": ["Varlink"],
    "HostService": [],
    "OpenMetrics": [],
    "Treatment": [
      "Catalog", "SessionLog", "Profiles", "ControlLoop", "StrokeControl", "NeedleSafety", "Units",
    ],
    "ControlServer": [
      "Treatment", "ControlInterface", "Varlink", "Reports", "Catalog", "SessionLog", "Profiles",
      "ControlLoop",
      "StrokeControl", "NeedleSafety", "Units",
    ],
    "stippled": [
      "ControlServer", "ControlInterface", "Varlink", "Treatment", "Catalog", "SessionLog", "Profiles",
      "ControlLoop", "DriveLink", "HostService", "OpenMetrics",
      "LinuxMachine", "VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units",
    ],
    "stipplectl": ["ControlInterface", "Varlink", "Reports", "Catalog", "SessionLog", "Units"],
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
