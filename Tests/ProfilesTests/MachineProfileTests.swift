import NeedleSafety
import Profiles
import Testing
import Units

@Suite struct MachineProfileTests {
  @Test func aFileCalledMachineHoldsTheMachineOfItsPlaceUnderAnyName() {
    let installed = ProfileSource(file: "/etc/stipple/machine.yaml", text: MachineText.virtual)
    #expect(MachineProfile.decode(installed).profile != nil)
    let misnamed = ProfileSource(file: "machines/another.yaml", text: MachineText.virtual)
    #expect(MachineProfile.decode(misnamed).profile == nil)
  }

  @Test func aVirtualMachineGivesTheControllersParameters() throws {
    let machine = try MachineText.decode(with: "ceilings:\n  stroke_rate: 120 Hz\nphysics:\n  seed: 7\n")
    let parameters = machine.parameters
    #expect(
      parameters.drivetrain
        == .linear(LinearGeometry(extendTravel: .milliseconds(1), retractTravel: .milliseconds(1))))
    #expect(parameters.fireOneShot == .milliseconds(15))
    #expect(parameters.retractMaximum == .milliseconds(20))
    #expect(parameters.stallMaximum == .milliseconds(100))
    #expect(parameters.wakeMaximum == .milliseconds(20))
    #expect(parameters.armedPeriod == .milliseconds(1))
    #expect(parameters.standbyPeriod == .milliseconds(10))
    #expect(parameters.lease == .milliseconds(100))
    #expect(parameters.tolerance == SensorTolerance(depth: Micrometres(150), time: .milliseconds(1)))
    #expect(parameters.referenceTimeout == .seconds(5))
    #expect(parameters.moveTimeout == .seconds(2))
    var ceilings = Ceilings.absolute
    ceilings.strokeRate = .hertz(120)
    #expect(parameters.ceilings == ceilings)
    #expect(parameters.waived.list == [.fireOneShot, .calibration, .realTime])
    guard case .stepper(let stepper) = machine.drive.depthAxis else {
      Issue.record("a TMCL drive has a stepper for its depth axis")
      return
    }
    #expect(stepper.mechanics.microstepsPerMillimetre == 51_200)
    #expect(stepper.mechanics.microstepResolution == 8)
    #expect(machine.drive.protocol == .tmcl)
    #expect(machine.drive.needleMotor == nil)
    #expect(machine.physicsSeed == 7)
    #expect(machine.gpio == nil)
  }

  @Test func aBoardWaivesNothingAndNamesEveryLine() throws {
    let decoded = MachineProfile.decode(ProfileSource(file: "test.yaml", text: MachineText.board))
    #expect(decoded.problems.map(\.description) == [])
    let machine = try #require(decoded.profile)
    #expect(machine.waived.list == [])
    #expect(machine.calibrationMaximumAge == .hours(90 * 24))
    let gpio = try #require(machine.gpio)
    #expect(gpio.chip == "pinctrl-rp1")
    #expect(gpio.line(.emergencyStopA) == .offset(12))
    #expect(gpio.line(.needleHome) == .name("home"))
    #expect(gpio.line(.needleBottom) == .name("18"))
    #expect(gpio.line(.beeper) == .offset(26))
    #expect(machine.drive.port == "/dev/ttyAMA0")
    #expect(machine.physicsSeed == nil)
  }

  @Test(arguments: [
    (
      "accepts_no_realtime: false", "accepts_no_realtime: true",
      "48:24: a board cannot arm without real-time scheduling; 'accepts_no_realtime' has to be false"
    ),
    (
      "required: true\n  maximum_age: 90 days", "required: false",
      "55:13: a board cannot waive its calibration; 'required' has to be true"
    ),
    (
      "stall_max: 10 ms", "stall_max: 11 ms", "43:14: 'stall_max' 11 ms is above the ceiling 10 ms (absolute)"
    ),
    ("wake_max: 1 ms", "wake_max: 2 ms", "44:13: 'wake_max' 2 ms is above the ceiling 1 ms (absolute)"),
    (
      "time_tolerance: 0.1 ms", "time_tolerance: 1 ms",
      "53:19: 'time_tolerance' 1 ms is above the ceiling 200 µs (absolute)"
    ),
    ("FIRE: 17", "FIRE: 12", "71:11: 'FIRE': line 12 is already ESTOP_A"),
    ("    GUARD: 21\n", "", "60:5: missing key 'GUARD' in 'gpio.inputs'; expected a line's name or offset"),
    ("GUARD: 21", "GUARD: 2000", "66:12: 'GUARD' 2000 is above the ceiling 1023 (absolute)"),
    (
      "port: /dev/ttyAMA0", "port: ttyAMA0",
      "9:9: 'port': 'ttyAMA0' is not an absolute path such as /dev/ttyAMA0"
    ),
    (
      "  port: /dev/ttyAMA0\n", "",
      "7:3: missing key 'port' in 'drive'; expected a serial port such as /dev/ttyAMA0"
    ),
    (
      "watchdog:\n", "physics:\n  seed: 1\nwatchdog:\n",
      "49:1: 'physics' does not belong in a board's profile: its handpiece is real"
    ),
  ])
  func whatABoardMayNotSayIsRefused(old: String, new: String, problem: String) throws {
    let headlines = try MachineText.headlines(MachineText.board, old, new)
    #expect(headlines == ["test.yaml:" + problem])
  }

  @Test(arguments: [
    (
      "type: linear", "type: lineal",
      "33:9: 'type': 'lineal' is not one of linear, rotary; did you mean 'linear'?"
    ),
    (
      "retract_max: 20 ms", "retract_max: 21 ms",
      "41:16: 'retract_max' 21 ms is above the ceiling 20 ms of a linear machine"
    ),
    (
      "fire_one_shot: 15 ms", "fire_one_shot: 10.999 ms",
      "36:18: 'fire_one_shot' 10.999 ms is shorter than the longest stroke it has to let through, 11 ms "
        + "(extend_travel 1 ms + dwell ceiling 10 ms)"
    ),
    (
      "fire_one_shot: 15 ms", "fire_one_shot: 16 ms",
      "36:18: 'fire_one_shot' 16 ms is above the ceiling 15 ms (absolute)"
    ),
    (
      "retract_travel: 1 ms", "retract_travel: 9.5 ms",
      "35:19: the way there and back takes 10.5 ms, longer than the dwell ceiling 10 ms"
    ),
    (
      "retract_max: 20 ms", "retract_max: 0.9 ms",
      "41:16: 'retract_max' 900 µs is shorter than the needle's way home, 1 ms (drivetrain.retract_travel)"
    ),
    (
      "armed_period: 1 ms", "armed_period: 2 ms",
      "38:17: 'armed_period' 2 ms is above the ceiling 1 ms (absolute)"
    ),
    ("lease: 100 ms", "lease: 251 ms", "40:10: 'lease' 251 ms is above the ceiling 250 ms (absolute)"),
    (
      "polling_period: 20 ms", "polling_period: 41 ms",
      "29:19: 'polling_period' 41 ms and 4 times 'reply_timeout' 15 ms are 101 ms, longer than the lease 100 ms"
    ),
    (
      "reply_address: 2", "reply_address: 1",
      "11:18: 'reply_address' 1 is the module's own; a reply could not be told from a command"
    ),
    (
      "module: TMCM-1240", "module: TMCM-1241",
      "8:11: 'module': 'TMCM-1241' is not one of TMCM-1140, TMCM-1240; did you mean 'TMCM-1240'?"
    ),
    ("heartbeat: true", "heartbeat: yes", "27:14: 'heartbeat': 'yes' is not one of true, false"),
    (
      "run_current: 0.3 A", "run_current: 0.4 A",
      "25:16: 'run_current' 0.4 A is above the ceiling 0.37 A (current_continuous)"
    ),
    (
      "standby_current: 0.08 A", "standby_current: 0.31 A",
      "26:20: 'standby_current' 0.31 A is above the ceiling 0.3 A (run_current)"
    ),
    (
      "lead: 1 mm", "lead: 0.9 mm",
      "16:11: 'lead' 0.9 mm gives no whole number of microsteps per millimetre up to 1000000"
    ),
    (
      " speed: 2 mm/s", " speed: 6 mm/s",
      "22:12: 'speed' 6 mm/s is above the ceiling 5 mm/s (maximum_speed)"
    ),
    (
      "baud: 115200", "baud: 115201",
      "9:9: 'baud': '115201' is not one of 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600; "
        + "did you mean '115200'?"
    ),
    ("window: 75 ms", "window: 49 ms", "49:11: 'window' 49 ms is below the least allowed, 50 ms (absolute)"),
    ("priority: 80", "priority: 99", "45:13: 'priority' 99 is above the ceiling 98 (absolute)"),
    ("cpu: any", "cpu: all", "46:8: 'cpu': 'all' is not a whole number"),
    ("cpu: any", "cpu: any\n  acepts: true", "47:3: unknown key 'acepts' in 'real_time'"),
    (
      "depth_tolerance: 0.15 mm", "depth_tolerance: 0.2 mm",
      "51:20: 'depth_tolerance' 0.2 mm is above the ceiling 0.15 mm (absolute)"
    ),
    (
      "kind: virtual", "kind: virtual\ngpio: {}",
      "6:1: 'gpio' does not belong in a virtual machine, which has no lines"
    ),
    (
      "baud: 115200", "port: /dev/x\n  baud: 115200",
      "9:3: 'port' does not belong in a virtual machine, which makes its own"
    ),
    ("kind: virtual", "kind: simulated", "5:7: 'kind': 'simulated' is not one of board, rig, virtual"),
  ])
  func whatAMachineMayNotSayIsRefused(old: String, new: String, problem: String) throws {
    let headlines = try MachineText.headlines(MachineText.virtual, old, new)
    #expect(headlines == ["test.yaml:" + problem])
  }

  @Test func everyCeilingOfAMachineIsHeldAgainstTheAbsoluteOne() throws {
    let widened = [
      "stroke_rate: 150.001 Hz", "depth_shallow: 1.001 mm", "depth_deep: 1.351 mm", "depth_bench: 2.001 mm",
      "dwell: 10.000001 ms", "dwell_of_period: 61 %", "minimum_off_time: -1 ns", "strokes_per_dot: 26",
      "dot_duration: 251 ms", "dot_rate: 10.001 Hz", "stall: 51 ms", "continuous_run: 121 s", "duty: 81 %",
      "motor_on_per_session: 4.1 h", "dot_density: 81 dots/cm²", "current_continuous: 0.371 A",
      "current_peak: 0.801 A", "current_peak_duration: 101 ms", "motor_case: 75.1 °C", "lease: 251 ms",
    ]
    for line in widened {
      let text = MachineText.virtual + "ceilings:\n  \(line)\n"
      let decoded = MachineProfile.decode(ProfileSource(file: "test.yaml", text: text))
      let field = String(line.prefix { $0 != ":" })
      #expect(decoded.errors.map(\.field) == ["ceilings.\(field)"], "\(line)")
      #expect(decoded.errors.first?.ceiling != nil, "\(line)")
    }
    let rows = try MachineText.decode().rows.filter { $0.field.hasPrefix("ceilings.") }
    #expect(rows.count == widened.count)
  }

  @Test func aLongLeaseIsWorthAWarning() throws {
    let headlines = try MachineText.headlines(MachineText.board, "lease: 100 ms", "lease: 200 ms")
    #expect(headlines == ["test.yaml:41:10: warning: 'lease' 200 ms is longer than usual (up to 100 ms)"])
  }

  @Test func theRigMayBeHeldToRealTimeScheduling() throws {
    #expect(try ShippedProfileTests.machine("rig").waived.list == [.fireOneShot, .calibration])
    #expect(
      try ShippedProfileTests.machine("virtual-linear").waived.list == [
        .fireOneShot, .calibration, .realTime,
      ])
    #expect(try ShippedProfileTests.machine("raspberry-pi-5-linear").waived.list == [])
  }
}
