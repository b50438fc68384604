import NeedleSafety
import Profiles
import Testing
import Units

@Suite struct RotaryProfileTests {
  static func machine() throws -> MachineProfile {
    let decoded = MachineProfile.decode(ProfileSource(file: "test.yaml", text: MachineText.rotary))
    return try #require(decoded.profile, "\(decoded.problems.map(\.description))")
  }

  @Test func aRotaryMachineIsReadAsWritten() throws {
    let machine = try Self.machine()
    #expect(
      machine.drivetrain
        == .rotary(
          RotaryGeometry(
            stroke: Micrometres(3_000), homeTravel: Micrometres(350), ramp: .milliseconds(30),
            rampRate: .hertz(150), parkRate: .hertz(20), transitionRevolutions: 6,
            transitionTime: .milliseconds(100), coastRevolutions: 10)))
    #expect(machine.fireOneShot == .zero)
    // It has no one-shot, so none is to be proved.
    #expect(machine.waived.has(.fireOneShot))
  }

  @Test func itsCanonicalTextReadsBackAsTheSameMachine() throws {
    let machine = try Self.machine()
    let again = MachineProfile.decode(ProfileSource(file: "test.yaml", text: machine.canonicalText))
    #expect(again.profile == machine, "\(again.problems.map(\.description))")
  }

  @Test(arguments: [
    (
      "cam_stroke: 3 mm", "cam_stroke: 0.9 mm",
      "43:15: 'cam_stroke' 0.9 mm is below the least allowed, 1 mm (absolute)"
    ),
    (
      "home_travel: 0.35 mm", "home_travel: 1.001 mm",
      "44:16: 'home_travel' 1.001 mm reaches past the nose at the deepest setting; 'cam_stroke' 3 mm less the bench's depth "
        + "ceiling 2 mm leaves 1 mm"
    ),
    (
      "home_travel: 0.35 mm", "home_travel: 0.05 mm",
      "46:14: 'park_rate' 20 Hz leaves the needle at home for 4.1209 ms, but braking there takes as long as 7 ms at that rate; "
        + "a lower rate, a shorter ramp or a wider home_travel fits"
    ),
    (
      "transition_time: 100 ms", "transition_time: 94 ms",
      "48:20: 'transition_time' 94 ms is shorter than a spin-down from 150 Hz may take, 95 ms (command, ramp, one revolution "
        + "at park_rate, brake)"
    ),
    (
      "transition_time: 100 ms", "transition_time: 101 ms",
      "48:20: 'transition_time' 101 ms is above the ceiling 100 ms (absolute)"
    ),
    (
      "transition_revolutions: 6", "transition_revolutions: 11",
      "47:27: 'transition_revolutions' 11 is above the ceiling 10 (absolute)"
    ),
    (
      "acceleration: 5000 Hz/s", "acceleration: 4999 Hz/s",
      "7:3: 'drive.needle_motor.acceleration' 4999 Hz/s does not reach 150 Hz within 'drivetrain.ramp' 30 ms; it takes 5000 Hz/s"
    ),
    (
      "retract_max: 100 ms", "retract_max: 90 ms",
      "54:16: 'retract_max' 90 ms is shorter than the needle's way home, 95 ms (drivetrain: a spin-down from 150 Hz)"
    ),
  ])
  func whatARotaryMachineMayNotSayIsRefused(old: String, new: String, problem: String) throws {
    let headlines = try MachineText.headlines(MachineText.rotary, old, new)
    #expect(headlines == ["test.yaml:" + problem])
  }

  @Test func aNeedleMotorBelongsToARotaryMachineAndOnlyToOne() throws {
    let motor =
      MachineText.rotary.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != "  needle_motor:" }.prefix(9).joined(separator: "\n") + "\n"
    #expect(
      try MachineText.headlines(MachineText.rotary, motor, "") == [
        "test.yaml:7:3: a rotary machine needs 'drive.needle_motor': what turns its cam"
      ])
    let linear = MachineText.virtual.replacing("reply_timeout: 15 ms", with: "reply_timeout: 8 ms")
    #expect(
      try MachineText.headlines(linear, "drivetrain:", motor + "drivetrain:") == [
        "test.yaml:7:3: 'drive.needle_motor' does not belong in a linear machine: its needle has no motor"
      ])
  }

  @Test func dotModeIsWorthAWarningAndNoError() throws {
    let decoded = try NeedleText.decode(on: Self.machine())
    #expect(decoded.profile != nil)
    #expect(
      decoded.problems.map(\.headline) == [
        "needles/soft.yaml:5:7: warning: machine 'test' is rotary and has no mode 'dot': this profile cannot be used on it"
      ])
  }

  // acos(1 − 2 · 0.8/3) / π = 34.54 %: 10 ms at 34.5 Hz.
  @Test func aRateBelowThatOfTheDwellCeilingIsRefused() throws {
    let continuous = "mode: continuous\nrate: 100 Hz\ndepth: 0.8 mm\ndwell: 2 ms"
    let dot = "mode: dot\nrate: 100 Hz\ndepth: 0.5 mm\ndwell: 2 ms\nstrokes_per_dot: 2\ndot_rate: 2 Hz"
    let accepted = try NeedleText.decode(
      replacing: dot, with: continuous.replacing("100 Hz", with: "35 Hz"), on: Self.machine())
    #expect(accepted.errors.map(\.headline) == [])
    let refused = try NeedleText.decode(
      replacing: dot, with: continuous.replacing("100 Hz", with: "34 Hz"), on: Self.machine())
    #expect(refused.errors.count == 1)
    #expect(refused.errors.first?.message.contains("above the dwell ceiling 10 ms") == true)
    #expect(refused.errors.first?.field == "rate")
  }
}
