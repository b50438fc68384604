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
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0")
  ],
  targets: [
    .target(name: "Units", swiftSettings: settings),
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),

    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "MCAP", dependencies: ["CZstd"], swiftSettings: settings),
    .target(name: "SessionLog", dependencies: ["Units", "MCAP", "CCrypto"], swiftSettings: settings),
    .target(
      name: "Catalog", dependencies: ["Units", "SessionLog", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .target(name: "Reports", dependencies: ["Units", "SessionLog"], swiftSettings: settings),
    .executableTarget(
      name: "sample-session", dependencies: ["Units", "SessionLog", "Reports"],
      path: "Tests/Interop/SampleSession", swiftSettings: settings),
    .testTarget(name: "MCAPTests", dependencies: ["MCAP"], swiftSettings: settings),
    .testTarget(
      name: "SessionLogTests", dependencies: ["Units", "MCAP", "SessionLog"], swiftSettings: settings),
    .testTarget(
      name: "CatalogTests",
      dependencies: ["Units", "SessionLog", "Catalog", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Units", "SessionLog", "Reports"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
