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
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
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
      name: "stipple-handpiece",
      dependencies: [
        "VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "VirtualHandpieceTests",
      dependencies: ["VirtualHandpiece", "DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
