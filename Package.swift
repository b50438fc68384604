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

/// What ships runs on a board without a Swift toolchain: its runtime is linked in.
/// Foundation's own parts are named because the compiler names only what it would load at run time.
let selfContained: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-lFoundationInternationalization", "-lCoreFoundation", "-l_FoundationICU",
      "-l_FoundationCShims",
      "-l_FoundationCollections", "-lstdc++",
    ], .when(configuration: .release))
]

let package = Package(
  name: "stipple",
  products: [
    // For the benchmarks' package.
    .library(
      name: "StippleCore",
      targets: [
        "ControlLoop", "DriveLink", "VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units",
      ])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // Linux is not GRDB's first platform: pinned.
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The real-time world.
    .target(name: "Units", swiftSettings: settings),
    .target(name: "NeedleSafety", dependencies: ["Units"], swiftSettings: settings),
    .target(name: "StrokeControl", dependencies: ["NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "DriveLink", dependencies: ["StrokeControl", "NeedleSafety", "Units"], swiftSettings: settings),
    .target(
      name: "ControlLoop", dependencies: ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),

    // The two machines.
    .target(name: "CGpiod", linkerSettings: [.linkedLibrary("gpiod")]),
    .target(name: "CLinux"),
    .target(
      name: "LinuxMachine", dependencies: ["CGpiod", "CLinux", "NeedleSafety", "StrokeControl", "Units"],
      swiftSettings: settings),
    .target(
      name: "VirtualHandpiece", dependencies: ["DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),

    .executableTarget(
      name: "stipple-handpiece",
      dependencies: [
        "VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings, linkerSettings: selfContained),

    // Profiles and records.
    .target(
      name: "Profiles", dependencies: ["NeedleSafety", "Units", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "MCAP", dependencies: ["CZstd"], swiftSettings: settings),
    .target(name: "SessionLog", dependencies: ["Units", "MCAP", "CCrypto"], swiftSettings: settings),
    .target(
      name: "Catalog", dependencies: ["Units", "SessionLog", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .target(name: "Reports", dependencies: ["Units", "SessionLog"], swiftSettings: settings),

    // The control socket.
    .target(
      name: "Varlink",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(name: "VarlinkGenerator", dependencies: ["Varlink"], swiftSettings: settings),
    .executableTarget(
      name: "varlink-generate", dependencies: ["Varlink", "VarlinkGenerator"], swiftSettings: settings),
    .target(
      name: "ControlInterface", dependencies: ["Varlink"], exclude: ["Definitions"], swiftSettings: settings),

    // What a service manager and its journal ask of a daemon.
    .target(
      name: "HostService", dependencies: [.product(name: "Logging", package: "swift-log")],
      swiftSettings: settings),

    // Figures for whoever watches a fleet.
    .target(name: "OpenMetrics", swiftSettings: settings),

    // The daemon and the command line.
    .target(
      name: "Treatment",
      dependencies: [
        "Catalog", "SessionLog", "Profiles", "ControlLoop", "StrokeControl", "NeedleSafety", "Units",
      ],
      swiftSettings: settings),
    .target(
      name: "ControlServer",
      dependencies: [
        "Treatment", "ControlInterface", "Varlink", "Reports", "Catalog", "SessionLog", "Profiles",
        "ControlLoop",
        "StrokeControl", "NeedleSafety", "Units",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "stippled",
      dependencies: [
        "ControlServer", "ControlInterface", "Varlink", "Treatment", "Catalog", "SessionLog", "Profiles",
        "ControlLoop", "DriveLink", "HostService", "OpenMetrics",
        "LinuxMachine", "VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings, linkerSettings: selfContained),

    .executableTarget(
      name: "stipplectl",
      dependencies: [
        "ControlInterface", "Varlink", "Reports", "Catalog", "SessionLog", "Units", "CLinux",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings, linkerSettings: selfContained),

    // Tests, and the programs that only tests run.
    .testTarget(name: "UnitsTests", dependencies: ["Units"], swiftSettings: settings),
    .testTarget(
      name: "LinuxMachineTests", dependencies: ["LinuxMachine", "NeedleSafety", "StrokeControl", "Units"],
      swiftSettings: settings),
    .testTarget(
      name: "ProfilesTests", dependencies: ["NeedleSafety", "Profiles", "Units"], swiftSettings: settings),
    .testTarget(name: "MCAPTests", dependencies: ["MCAP"], swiftSettings: settings),
    .testTarget(
      name: "SessionLogTests", dependencies: ["Units", "MCAP", "SessionLog"], swiftSettings: settings),
    .testTarget(
      name: "CatalogTests",
      dependencies: ["Units", "SessionLog", "Catalog", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Units", "SessionLog", "Reports"], swiftSettings: settings),
    .testTarget(
      name: "ControlInterfaceTests", dependencies: ["ControlInterface", "Varlink"], swiftSettings: settings),
    .testTarget(
      name: "VarlinkTests",
      dependencies: [
        "Varlink", "VarlinkCertification", "VarlinkGenerator",
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DriveLinkTests", dependencies: ["DriveLink", "VirtualHandpiece", "StrokeControl", "Units"],
      swiftSettings: settings),
    .testTarget(
      name: "VirtualHandpieceTests",
      dependencies: ["VirtualHandpiece", "DriveLink", "StrokeControl", "NeedleSafety", "Units"],
      swiftSettings: settings),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "ModelChecker", "TreatmentSoak", "TreatmentMonitor", "ControlLoop", "DriveLink", "VirtualHandpiece",
        "StrokeControl", "NeedleSafety", "Units",
      ],
      swiftSettings: settings),
    // The judges of the proof: a monitor that shares no code with the controller, the seeded simulator, the model checker.
    .target(
      name: "TreatmentMonitor", dependencies: ["VirtualHandpiece", "NeedleSafety", "Units"],
      path: "Tests/TreatmentMonitor", swiftSettings: settings),
    .target(
      name: "TreatmentSoak",
      dependencies: [
        "TreatmentMonitor", "ControlLoop", "DriveLink", "VirtualHandpiece", "StrokeControl", "NeedleSafety",
        "Units",
      ],
      path: "Tests/TreatmentSoak", swiftSettings: settings),
    .target(
      name: "ModelChecker", dependencies: ["StrokeControl", "NeedleSafety", "Units"],
      path: "Tests/ModelChecker",
      swiftSettings: settings),
    .executableTarget(
      name: "stipple-soak", dependencies: ["TreatmentSoak", "TreatmentMonitor", "Units"], path: "Tests/Soak",
      swiftSettings: settings),
    .executableTarget(
      name: "stipple-check", dependencies: ["ModelChecker"], path: "Tests/Check", swiftSettings: settings),
    .testTarget(
      name: "StippleCtlTests",
      dependencies: ["stipplectl", "ControlInterface", "Varlink", "SessionLog", "Units"], exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "TreatmentTests",
      dependencies: [
        "Treatment", "ControlServer", "ControlInterface", "Varlink", "Catalog", "SessionLog", "Profiles",
        "ControlLoop",
        "DriveLink",
        "VirtualHandpiece", "StrokeControl", "NeedleSafety", "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HostServiceTests",
      dependencies: ["HostService", .product(name: "Logging", package: "swift-log")], swiftSettings: settings),
    .testTarget(name: "OpenMetricsTests", dependencies: ["OpenMetrics"], swiftSettings: settings),
    .testTarget(name: "HouseTests", swiftSettings: settings),
    .target(name: "MallocCount", path: "Tests/MallocCount"),
    // Runs inside the rig only: it drives a board through every public part of LinuxMachine and prints what it saw.
    .executableTarget(
      name: "board-probe",
      dependencies: ["LinuxMachine", "MallocCount", "NeedleSafety", "StrokeControl", "Units"],
      path: "Tests/BoardProbe", swiftSettings: settings),
    // A virtual drive on its standard input, a terminal that the caller made: PyTrinamic and pyvesc drive it.
    .executableTarget(
      name: "drive-on-pty", dependencies: ["VirtualHandpiece", "DriveLink", "StrokeControl", "Units"],
      path: "Tests/Interop/drive-on-pty", swiftSettings: settings),
    .executableTarget(
      name: "sample-session",
      dependencies: [
        "Units", "SessionLog", "Reports", .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      path: "Tests/Interop/SampleSession", swiftSettings: settings),
    .target(
      name: "VarlinkCertification", dependencies: ["Varlink"], path: "Tests/VarlinkCertification",
      exclude: ["org.varlink.certification.varlink"], swiftSettings: settings),
    .executableTarget(
      name: "varlink-certify", dependencies: ["Varlink", "VarlinkCertification"],
      path: "Tests/Interop/varlink-certify", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
