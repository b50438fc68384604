// swift-tools-version: 6.2
// The part of the package that Scripts/mutants.sh builds: no dependency, so that a mutant takes seconds.
import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
]
let package = Package(
  name: "mutants",
  targets: [
    .target(name: "Units", swiftSettings: settings),
    .target(name: "NeedleSafety", dependencies: ["Units"], swiftSettings: settings),
    .target(name: "StrokeControl", dependencies: ["NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "DriveLink", dependencies: ["StrokeControl", "NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "ControlLoop", dependencies: ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),
    .target(
      name: "VirtualHandpiece", dependencies: ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),
    .target(
      name: "TreatmentMonitor", dependencies: ["VirtualHandpiece", "NeedleSafety", "Units"],
      path: "Tests/TreatmentMonitor", swiftSettings: settings),
    .target(
      name: "TreatmentSoak",
      dependencies: [
        "TreatmentMonitor", "ControlLoop", "DriveLink", "VirtualHandpiece", "StrokeControl", "NeedleSafety",
        "Units",
      ], path: "Tests/TreatmentSoak", swiftSettings: settings),
    .executableTarget(
      name: "stipple-soak", dependencies: ["TreatmentSoak", "TreatmentMonitor", "Units"], path: "Tests/Soak",
      swiftSettings: settings),
    .target(
      name: "ModelChecker", dependencies: ["StrokeControl", "NeedleSafety", "Units"],
      path: "Tests/ModelChecker", swiftSettings: settings),
    .executableTarget(
      name: "stipple-check", dependencies: ["ModelChecker"], path: "Tests/Check", swiftSettings: settings),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "ModelChecker", "TreatmentSoak", "TreatmentMonitor", "ControlLoop", "DriveLink", "VirtualHandpiece",
        "StrokeControl", "NeedleSafety", "Units",
      ], swiftSettings: settings),
  ], swiftLanguageModes: [.v6])
