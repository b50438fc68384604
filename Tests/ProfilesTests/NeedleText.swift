import Profiles
import Testing

/// A needle profile's text that is accepted as it stands, to be spoilt one way at a time.
enum NeedleText {
  static let file = "needles/soft.yaml"
  static let good = """
    schema: 1
    profile: needle
    name: soft
    description: For tests
    mode: dot
    rate: 100 Hz
    depth: 0.5 mm
    dwell: 2 ms
    strokes_per_dot: 2
    dot_rate: 2 Hz
    cartridges: [1rl-025]
    zones: [hairline]

    """

  static let cartridge = """
    schema: 1
    profile: cartridge
    name: 1rl-025
    description: One needle
    configuration: round-liner
    needle_count: 1
    diameter: 0.25 mm
    membrane: true
    stroke_life: 1000000
    maximum_rate: 140 Hz
    maximum_depth: 0.8 mm

    """

  static func surroundings(machine: MachineProfile? = nil) throws -> NeedleSurroundings {
    let decoded = CartridgeProfile.decode(ProfileSource(file: "cartridges/1rl-025.yaml", text: cartridge))
    let profile = try #require(decoded.profile)
    return NeedleSurroundings(machine: machine, cartridges: [profile.name: profile])
  }

  /// Decodes the good text with one part of it replaced.
  static func decode(
    replacing old: String = "", with new: String = "", on machine: MachineProfile? = nil
  ) throws -> Decoded<NeedleProfile> {
    let text = old.isEmpty ? good + new : good.replacing(old, with: new)
    try #require(text != good || new.isEmpty, "'\(old)' is not in the text")
    return NeedleProfile.decode(ProfileSource(file: file, text: text), in: try surroundings(machine: machine))
  }
}
