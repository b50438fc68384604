// swift-tools-version: 6.2
// Directions of imports: Tests/HouseTests/ImportRules.swift holds them; CONTRIBUTING.md says why each dependency is here.
import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "stipple",
  dependencies: [],
  targets: [
    .target(name: "Units", swiftSettings: settings),
    .target(name: "NeedleSafety", dependencies: ["Units"], swiftSettings: settings),
    .target(name: "StrokeControl", dependencies: ["NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "DriveLink", dependencies: ["StrokeControl", "NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "VirtualHandpiece", dependencies: ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),
    .executableTarget(
      name: "tmcl-device-on-pty", dependencies: ["VirtualHandpiece", "DriveLink", "StrokeControl", "Units"],
      path: "Tests/Interop/tmcl-device-on-pty", swiftSettings: settings),
    .testTarget(
      name: "DriveLinkTests", dependencies: ["DriveLink", "VirtualHandpiece", "StrokeControl", "Units"],
      swiftSettings: settings),
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
