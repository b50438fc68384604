import NeedleSafety
import Profiles
import Testing
import Units

@Suite struct CeilingTests {
  private func headlines(_ old: String, _ new: String, on machine: MachineProfile? = nil) throws -> [String] {
    try NeedleText.decode(replacing: old, with: new, on: machine).problems.map(\.headline)
  }

  @Test func theTightestOfAbsoluteMachineCartridgeAndProfileBindsAndIsNamed() throws {
    let machine = try MachineText.decode(
      with: "ceilings:\n  stroke_rate: 120 Hz\n  depth_shallow: 0.9 mm\n  strokes_per_dot: 6\n")
    #expect(
      try headlines("rate: 100 Hz", "rate: 150.001 Hz") == [
        "needles/soft.yaml:6:7: 'rate' 150.001 Hz is above the ceiling 140 Hz (cartridge '1rl-025')"
      ])
    #expect(
      try headlines("rate: 100 Hz", "rate: 121 Hz", on: machine) == [
        "needles/soft.yaml:6:7: 'rate' 121 Hz is above the ceiling 120 Hz (machine 'test')"
      ])
    #expect(
      try headlines("dot_rate: 2 Hz", "dot_rate: 2 Hz\nceilings:\n  stroke_rate: 99 Hz", on: machine) == [
        "needles/soft.yaml:6:7: 'rate' 100 Hz is above the ceiling 99 Hz (this profile)"
      ])
    #expect(
      try headlines("strokes_per_dot: 2", "strokes_per_dot: 7", on: machine) == [
        "needles/soft.yaml:9:18: 'strokes_per_dot' 7 is above the ceiling 6 (machine 'test')"
      ])
    #expect(
      try headlines("dot_rate: 2 Hz", "dot_rate: 10.5 Hz") == [
        "needles/soft.yaml:10:11: 'dot_rate' 10.5 Hz is above the ceiling 10 Hz (absolute)"
      ])
  }

  @Test func depthIsHeldAgainstTheZonesOwnGroup() throws {
    let deepCartridge = NeedleText.cartridge.replacing("0.8 mm", with: "2 mm")
    let cartridge = try #require(
      CartridgeProfile.decode(ProfileSource(file: "1rl-025.yaml", text: deepCartridge)).profile)
    let surroundings = NeedleSurroundings(machine: nil, cartridges: ["1rl-025": cartridge])
    func errors(_ depth: String, _ zones: String) -> [String] {
      let text = NeedleText.good.replacing("0.5 mm", with: depth).replacing("[hairline]", with: zones)
      return NeedleProfile.decode(ProfileSource(file: "soft.yaml", text: text), in: surroundings).errors
        .map(\.message)
    }
    #expect(errors("1 mm", "[hairline]") == [])
    #expect(
      errors("1.001 mm", "[nape]") == ["'depth' 1.001 mm is above the ceiling 1 mm for nape (absolute)"])
    #expect(errors("1.35 mm", "[mid, crown]") == [])
    #expect(
      errors("1.36 mm", "[crown]") == ["'depth' 1.36 mm is above the ceiling 1.35 mm for crown (absolute)"])
    #expect(
      errors("1.2 mm", "[crown, frontal]")
        == ["'depth' 1.2 mm is above the ceiling 1 mm for frontal (absolute)"])
    #expect(errors("1.35 mm", "[hairline]\nattributes: [scar]") == [])
    #expect(
      errors("1.2 mm", "[hairline]\nattributes: [thinning]")
        == ["'depth' 1.2 mm is above the ceiling 1 mm for hairline (absolute)"])
  }

  @Test func theBenchHasItsOwnDepthCeilingAndNoZone() throws {
    let bench = """
      schema: 1
      profile: needle
      name: try
      description: For tests
      bench: true
      mode: continuous
      rate: 100 Hz
      depth: 2 mm
      dwell: 2 ms

      """
    func headlines(_ text: String) -> [String] {
      NeedleProfile.decode(ProfileSource(file: "try.yaml", text: text), in: .unknown).problems.map(\.headline)
    }
    #expect(headlines(bench) == [])
    #expect(
      headlines(bench.replacing("2 mm", with: "2.001 mm"))
        == ["try.yaml:8:8: 'depth' 2.001 mm is above the ceiling 2 mm on the bench (absolute)"])
    #expect(
      headlines(bench + "zones: [crown]\n")
        == ["try.yaml:10:1: 'zones' means nothing in a bench profile: a bench session has no zone"])
    let profile = NeedleProfile.decode(ProfileSource(file: "try.yaml", text: bench), in: .unknown).profile
    #expect(profile?.allows(.crown, attributes: []) == false)
    #expect(profile?.allows(cartridge: "anything") == true)
  }

  @Test func dwellCountsBothWaysAndIsHeldAgainstTheShareOfThePeriod() throws {
    let machine = try MachineText.decode()
    #expect(try headlines("dwell: 2 ms", "dwell: 4 ms", on: machine).filter { !$0.contains("warning") } == [])
    #expect(
      try headlines("dwell: 2 ms", "dwell: 4.000001 ms", on: machine) == [
        "needles/soft.yaml:8:8: 'dwell' 4.000001 ms makes the planned time out 6.000001 ms "
          + "(extend 1 ms + dwell + retract 1 ms), above the ceiling 6 ms (60 % of the 10 ms period at 100 Hz)"
      ])
    #expect(
      try headlines(
        "rate: 100 Hz\ndepth: 0.5 mm\ndwell: 2 ms", "rate: 20 Hz\ndepth: 0.5 mm\ndwell: 8.5 ms", on: machine
      )
      .filter { !$0.contains("warning") } == [
        "needles/soft.yaml:8:8: 'dwell' 8.5 ms makes the planned time out 10.5 ms "
          + "(extend 1 ms + dwell + retract 1 ms), above the ceiling 10 ms (absolute)"
      ])
  }

  @Test func offTimeIsAFloor() throws {
    let machine = try MachineText.decode(with: "ceilings:\n  minimum_off_time: 6.5 ms\n")
    #expect(
      try headlines("dwell: 2 ms", "dwell: 1.6 ms", on: machine) == [
        "needles/soft.yaml:8:8: 'dwell' 1.6 ms leaves 6.4 ms between strokes at 100 Hz; at least 6.5 ms is needed "
          + "(machine 'test')"
      ])
    let looser = try headlines(
      "dot_rate: 2 Hz", "dot_rate: 2 Hz\nceilings:\n  minimum_off_time: 6 ms", on: machine)
    #expect(
      looser.contains(
        "needles/soft.yaml:12:21: 'minimum_off_time' 6 ms is below the least allowed, 6.5 ms (machine 'test')"
      ))
  }

  @Test func aDotHasToFitItsDurationAndItsRate() throws {
    #expect(
      try headlines("strokes_per_dot: 2", "strokes_per_dot: 25").filter { !$0.contains("warning") } == [])
    #expect(
      try headlines(
        "dwell: 2 ms\nstrokes_per_dot: 2\ndot_rate: 2 Hz", "dwell: 2 ms\nstrokes_per_dot: 12\ndot_rate: 9 Hz")
        == [
          "needles/soft.yaml:10:11: 'dot_rate' 9 Hz leaves 111.111112 ms for a dot, but its 12 strokes at 100 Hz "
            + "take 120 ms"
        ])
    #expect(
      try headlines(
        "rate: 100 Hz\ndepth: 0.5 mm\ndwell: 2 ms\nstrokes_per_dot: 2\ndot_rate: 2 Hz",
        "rate: 80 Hz\ndepth: 0.5 mm\ndwell: 2 ms\nstrokes_per_dot: 21\ndot_rate: none") == [
          "needles/soft.yaml:9:18: a dot of 21 strokes at 80 Hz takes 252 ms, which is above the ceiling 250 ms "
            + "(absolute)"
        ])
  }

  @Test func everyBrokenLimitIsNamedNotJustTheFirst() throws {
    let fields = try NeedleText.decode(
      replacing: "rate: 100 Hz\ndepth: 0.5 mm\ndwell: 2 ms\nstrokes_per_dot: 2\ndot_rate: 2 Hz",
      with: "rate: 160 Hz\ndepth: 3 mm\ndwell: 9 ms\nstrokes_per_dot: 50\ndot_rate: 20 Hz"
    ).problems.map(\.field)
    #expect(fields == ["rate", "depth", "dwell", "strokes_per_dot", "strokes_per_dot", "dot_rate"])
  }

  @Test func aProfileThatWidensACeilingIsRefused() throws {
    let decoded = try NeedleText.decode(with: "ceilings:\n  stroke_rate: 200 Hz\n  strokes_per_dot: 26\n")
    #expect(
      decoded.problems.map(\.headline) == [
        "needles/soft.yaml:14:16: 'stroke_rate' 200 Hz is above the ceiling 150 Hz (absolute)",
        "needles/soft.yaml:15:20: 'strokes_per_dot' 26 is above the ceiling 25 (absolute)",
      ])
    #expect(decoded.problems.first?.field == "ceilings.stroke_rate")
    #expect(decoded.problems.first?.value == "200 Hz")
    #expect(decoded.problems.first?.ceiling == "150 Hz")
    let machine = try MachineText.decode(with: "ceilings:\n  stroke_rate: 120 Hz\n")
    let onMachine = try NeedleText.decode(with: "ceilings:\n  stroke_rate: 130 Hz\n", on: machine)
    #expect(
      onMachine.problems.map(\.headline) == [
        "needles/soft.yaml:14:16: 'stroke_rate' 130 Hz is above the ceiling 120 Hz (machine 'test')"
      ])
  }

  @Test func whatIsUnusualIsAcceptedWithAWarning() throws {
    let machine = try MachineText.decode()
    let decoded = try NeedleText.decode(
      replacing: "rate: 100 Hz\ndepth: 0.5 mm\ndwell: 2 ms\nstrokes_per_dot: 2\ndot_rate: 2 Hz",
      with: "rate: 50 Hz\ndepth: 0.7 mm\ndwell: 0.5 ms\nstrokes_per_dot: 5\ndot_rate: 5 Hz", on: machine)
    #expect(decoded.profile != nil)
    #expect(decoded.errors == [])
    #expect(
      decoded.problems.map(\.headline) == [
        "needles/soft.yaml:6:7: warning: 'rate' 50 Hz is unusual; usual is 60 Hz to 120 Hz",
        "needles/soft.yaml:7:8: warning: 'depth' 0.7 mm is unusual for hairline; usual is 0.45 mm to 0.6 mm",
        "needles/soft.yaml:8:8: warning: the planned time out 2.5 ms is unusual; usual is 3 ms to 5 ms",
        "needles/soft.yaml:9:18: warning: 'strokes_per_dot' 5 is unusual; usual is 1 to 4",
        "needles/soft.yaml:10:11: warning: 'dot_rate' 5 Hz is unusual; usual is 1 Hz to 3 Hz",
      ])
  }

  @Test func aCartridgeMayNotWidenTheAbsoluteCeilings() {
    let text = NeedleText.cartridge.replacing("140 Hz", with: "151 Hz").replacing("0.8 mm", with: "2.1 mm")
    let decoded = CartridgeProfile.decode(ProfileSource(file: "1rl-025.yaml", text: text))
    #expect(
      decoded.problems.map(\.headline) == [
        "1rl-025.yaml:10:15: 'maximum_rate' 151 Hz is above the ceiling 150 Hz (absolute)",
        "1rl-025.yaml:11:16: 'maximum_depth' 2.1 mm is above the ceiling 2 mm (absolute)",
      ])
  }

  @Test func continuousModeHasNoDots() throws {
    #expect(
      try headlines("mode: dot", "mode: continuous") == [
        "needles/soft.yaml:9:1: 'strokes_per_dot' means nothing in mode continuous",
        "needles/soft.yaml:10:1: 'dot_rate' means nothing in mode continuous",
      ])
  }
}
