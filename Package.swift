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
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2")
  ],
  targets: [
    .target(name: "Units", swiftSettings: settings),
    .target(name: "NeedleSafety", dependencies: ["Units"], swiftSettings: settings),
    .target(name: "StrokeControl", dependencies: ["NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "Profiles", dependencies: ["NeedleSafety", "Units", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .testTarget(
      name: "ProfilesTests", dependencies: ["NeedleSafety", "Profiles", "Units"], swiftSettings: settings),
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
