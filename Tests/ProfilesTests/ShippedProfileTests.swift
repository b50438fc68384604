import NeedleSafety
import Profiles
import Testing
import Units

@Suite struct ShippedProfileTests {
  static let linearMachines = ["virtual-linear", "rig", "raspberry-pi-5-linear"]
  static let rotaryMachines = [
    "virtual-rotary", "virtual-vesc", "rig-rotary", "rig-vesc", "raspberry-pi-4-rotary",
  ]
  static let machines = linearMachines + rotaryMachines
  static let needles = [
    "bench-test", "crown-standard", "density-continuous", "density-fill", "hairline-continuous",
    "hairline-defined", "hairline-soft", "scar-careful", "temple-soft", "thinning-blend",
  ]

  static var folder: String {
    // Tests/ProfilesTests/ShippedProfileTests.swift: three levels below the package.
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/Firmware-Profiles"
  }

  static func machine(_ name: String) throws -> MachineProfile {
    let decoded = MachineProfile.load(file: "\(folder)/machines/\(name).yaml")
    return try #require(decoded.profile, "\(decoded.problems.map(\.description).joined(separator: "\n"))")
  }

  @Test(arguments: linearMachines)
  func everyShippedProfileLoadsOnEveryMachineWithoutProblemOrWarning(name: String) throws {
    let library = ProfileLibrary.load(directory: Self.folder, machine: try Self.machine(name))
    #expect(library.problems.map(\.description) == [])
    #expect(library.machines.keys.sorted() == Self.machines.sorted())
    #expect(library.needleNames == Self.needles)
    #expect(library.cartridgeNames.count >= 5)
  }

  @Test(arguments: rotaryMachines)
  func onARotaryMachineOnlyTheProfilesInDotModeAreWarnedOf(name: String) throws {
    let library = ProfileLibrary.load(directory: Self.folder, machine: try Self.machine(name))
    #expect(library.errors.map(\.description) == [])
    let dots = library.needles.values.filter { $0.settings.mode == .dot }.count
    #expect(library.warnings.count == dots)
    for warning in library.warnings { #expect(warning.message.contains("has no mode 'dot'"), "\(warning)") }
    #expect(library.needles.values.count { $0.settings.mode == .continuous } == 3)
  }
}
