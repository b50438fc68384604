import Foundation
import NeedleSafety
import Profiles
import Testing
import Units

@Suite("Drive sections of machine profiles") struct DriveProfileTests {
  private func drive(_ text: String) throws -> DriveProfile {
    let decoded = MachineProfile.decode(ProfileSource(file: "test.yaml", text: DriveText.machine(text)))
    return try #require(decoded.profile, "\(decoded.problems.map(\.description))").drive
  }

  @Test("A needle motor's module on the depth axis's line is read to the last figure")
  func tmcl() throws {
    let drive = try drive(DriveText.tmcl)
    #expect(drive.protocol == .tmcl)
    let motor = try #require(drive.needleMotor)
    #expect(
      motor.controller == .tmcl(.tmcm1617, address: 3, motor: 0, acceleration: HertzPerSecond(5_000)))
    #expect(motor.polePairs == 4)
    #expect(motor.gear == NeedleMotor.Gear(motor: 1, cam: 1))
    #expect(!motor.isReversed)
    #expect(motor.maximumCurrent == Milliamperes(800))
  }

  @Test("Two VESCs are told apart by their numbers") func vesc() throws {
    let drive = try drive(DriveText.vesc)
    #expect(drive.protocol == .vesc)
    guard case .servo(let servo) = drive.depthAxis else {
      Issue.record("a VESC drive has a servo for its depth axis")
      return
    }
    #expect(servo.controller == 11)
    #expect(servo.lead == Micrometres(3_000))
    #expect(servo.depthAtZero == Micrometres(-500))
    #expect(servo.tolerance == Micrometres(20))
    #expect(servo.maximumSpeed == MicrometresPerSecond(5_000))
    #expect(servo.maximumCurrent == Milliamperes(300))
    #expect(drive.needleMotor?.controller == .vesc(10))
  }

  @Test("A drive's canonical text decodes to the same drive", arguments: [DriveText.tmcl, DriveText.vesc])
  func canonical(text: String) throws {
    let source = ProfileSource(file: "test.yaml", text: DriveText.machine(text))
    let machine = try #require(MachineProfile.decode(source).profile)
    let again = MachineProfile.decode(ProfileSource(file: "test.yaml", text: machine.canonicalText))
    #expect(again.profile == machine)
  }

  @Test(
    "What a TMCL needle motor may not say is refused",
    arguments: [
      (
        "TMCM-1617", "TMCM-1618",
        "33:13: 'module': 'TMCM-1618' is not one of TMCM-1617, TMCM-1640; did you mean 'TMCM-1617'?"
      ),
      (
        "module_address: 3", "module_address: 1",
        "34:21: 'module_address' 1 is the depth axis's; both modules would answer"
      ),
      (
        "module_address: 3", "module_address: 2",
        "34:21: 'module_address' 2 is the reply address; a reply could not be told from a command"
      ),
      (
        "acceleration: 5000 Hz/s", "acceleration: 1000 Hz",
        "36:19: 'acceleration': '1000 Hz' is a rate; expected a change of rate such as 1000 Hz/s"
      ),
      (
        "acceleration: 5000 Hz/s", "acceleration: 9 Hz/s",
        "36:19: 'acceleration' 9 Hz/s is below the least allowed, 10 Hz/s (absolute)"
      ),
      ("pole_pairs: 4", "pole_pairs: 0", "37:17: 'pole_pairs' 0 is below the least allowed, 1 (absolute)"),
      (
        "gear: 1:1", "gear: 1",
        "38:11: 'gear': '1' is not two whole numbers from 1 to 1000; expected revolutions of the motor to those of "
          + "the cam, such as 3:1"
      ),
      (
        "gear: 1:1", "gear: 12:1",
        "38:11: 'gear' 12:1 turns the motor at 108000 rpm at the ceiling of 150 Hz; no controller goes beyond "
          + "100000 rpm"
      ),
      (
        "maximum_current: 0.8 A", "maximum_current: 0.81 A",
        "40:22: 'maximum_current' 0.81 A is above the ceiling 0.8 A (current_peak)"
      ),
      (
        "reversed: false\n  maximum_speed", "reversed: true\n  maximum_speed",
        "17:15: 'reversed': a TMCL module looks for its reference switch to the left; swap the two wires of one of the "
          + "motor's windings so that its counter rises as the needle comes out"
      ),
      (
        "reversed: false\n    maximum_current", "revrsed: false\n    maximum_current",
        "39:5: unknown key 'revrsed' in 'drive.needle_motor'; did you mean 'reversed'?"
      ),
      (
        "module_address: 3", "controller: 3\n    module_address: 3",
        "34:5: 'controller' does not belong in a TMCL drive; write its module_address"
      ),
      (
        "reply_timeout: 8 ms", "reply_timeout: 10.001 ms",
        "29:19: 'polling_period' 20 ms and 8 times 'reply_timeout' 10.001 ms are 100.008 ms, longer than the lease "
          + "100 ms"
      ),
    ])
  func tmclRefusals(old: String, new: String, problem: String) throws {
    try expect(problem, of: DriveText.tmcl, old, new)
  }

  @Test(
    "What a VESC drive may not say is refused, with what takes its place",
    arguments: [
      (
        "controller: 10", "controller: 11",
        "23:17: 'controller' 11 is the depth axis's; give each its own"
      ),
      (
        "controller: 11", "controller: 254",
        "9:15: 'controller' 254 is above the ceiling 253 (absolute)"
      ),
      (
        "run_current: 0.3 A", "run_current: 0.3 A\n  heartbeat: true",
        "18:3: 'heartbeat' does not belong in a VESC drive: a VESC's time-out is one of its own settings, and is "
          + "always verified"
      ),
      (
        "lead: 3 mm", "lead: 3 mm\n    microsteps_per_step: 256",
        "12:5: 'microsteps_per_step' does not belong in a VESC drive, which counts degrees"
      ),
      (
        "depth: -0.5 mm", "depth: -0.5 mm\n    speed: 1 mm/s",
        "16:5: 'speed' does not belong in a VESC drive, whose encoder is absolute: it does not search"
      ),
      (
        "pole_pairs: 4", "acceleration: 5000 Hz/s\n    pole_pairs: 4",
        "24:5: 'acceleration' does not belong in a VESC drive: its ramp is one of its own settings"
      ),
      (
        "protocol: vesc", "protocol: vecs",
        "7:13: 'protocol': 'vecs' is not one of tmcl, vesc; did you mean 'vesc'?"
      ),
    ])
  func vescRefusals(old: String, new: String, problem: String) throws {
    try expect(problem, of: DriveText.vesc, old, new)
  }

  private func expect(_ problem: String, of drive: String, _ old: String, _ new: String) throws {
    let headlines = try MachineText.headlines(DriveText.machine(drive), old, new)
    #expect(headlines.contains("test.yaml:" + problem), "\(headlines)")
    #expect(headlines.count <= 2, "\(headlines)")
  }
}
