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
    .target(name: "CGpiod", linkerSettings: [.linkedLibrary("gpiod")]),
    .target(name: "CLinux"),
    .target(
      name: "LinuxMachine", dependencies: ["CGpiod", "CLinux", "NeedleSafety", "StrokeControl", "Units"],
      swiftSettings: settings),
    // Runs inside the rig only: it drives a board through every public part of LinuxMachine and prints what it saw.
    .executableTarget(
      name: "board-probe",
      dependencies: ["LinuxMachine", "MallocCount", "NeedleSafety", "StrokeControl", "Units"],
      path: "Tests/BoardProbe", swiftSettings: settings),
    .target(name: "MallocCount", path: "Tests/MallocCount"),
    .testTarget(
      name: "LinuxMachineTests", dependencies: ["LinuxMachine", "NeedleSafety", "StrokeControl", "Units"],
      swiftSettings: settings),
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
