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
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2")
  ],
  targets: [
    .target(name: "Units", swiftSettings: settings),
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),
    .target(
      name: "Varlink",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "varlink-generate", dependencies: ["Varlink", "VarlinkGenerator"], swiftSettings: settings),
    .target(name: "VarlinkGenerator", dependencies: ["Varlink"], swiftSettings: settings),
    .target(
      name: "ControlInterface", dependencies: ["Varlink"], exclude: ["Definitions"], swiftSettings: settings),
    .testTarget(
      name: "ControlInterfaceTests", dependencies: ["ControlInterface", "Varlink"], swiftSettings: settings),
    .testTarget(
      name: "VarlinkTests",
      dependencies: [
        "Varlink", "VarlinkCertification", "VarlinkGenerator",
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(
      name: "VarlinkCertification", dependencies: ["Varlink"], path: "Tests/VarlinkCertification",
      exclude: ["org.varlink.certification.varlink"], swiftSettings: settings),
    .executableTarget(
      name: "varlink-certify", dependencies: ["Varlink", "VarlinkCertification"],
      path: "Tests/Interop/varlink-certify", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
