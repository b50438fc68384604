// swift-tools-version: 6.2
// What a step, a turn of the loop and a wake cost. A package of its own: nothing of it ships, and it builds only what lies below the
// bridge, none of the dependencies.
import PackageDescription

let package = Package(
  name: "stipple-benchmarks",
  dependencies: [.package(name: "stipple", path: "..")],
  targets: [
    .executableTarget(
      name: "stipple-bench", dependencies: [.product(name: "StippleCore", package: "stipple")],
      path: "stipple-bench",
      swiftSettings: [
        .strictMemorySafety(), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
