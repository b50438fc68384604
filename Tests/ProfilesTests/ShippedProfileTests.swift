import NeedleSafety
import Profiles
import Testing
import Units

@Suite struct ShippedProfileTests {
  static let machines = ["virtual-linear", "rig", "raspberry-pi-5-linear"]
  static let needles = [
    "bench-test", "crown-standard", "density-fill", "hairline-defined", "hairline-soft", "scar-careful",
    "temple-soft", "thinning-blend",
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

  @Test(arguments: machines)
  func everyShippedProfileLoadsOnEveryMachineWithoutProblemOrWarning(name: String) throws {
    let library = ProfileLibrary.load(directory: Self.folder, machine: try Self.machine(name))
    #expect(library.problems.map(\.description) == [])
    #expect(library.machines.keys.sorted() == Self.machines.sorted())
    #expect(library.needleNames == Self.needles)
    #expect(library.cartridgeNames.count >= 5)
  }
}
