import Profiles
import Testing

/// Machine profiles' texts that are accepted as they stand, to be spoilt one way at a time.
enum MachineText {
  static let virtual = """
    schema: 1
    profile: machine
    name: test
    description: For tests
    kind: virtual
    drive:
      protocol: tmcl
      module: TMCM-1240
      baud: 115200
      module_address: 1
      reply_address: 2
      motor: 0
      mechanics:
        steps_per_revolution: 200
        microsteps_per_step: 256
        lead: 1 mm
        reversed: false
      maximum_speed: 5 mm/s
      maximum_acceleration: 50 mm/s²
      reference:
        depth: 0 mm
        speed: 2 mm/s
        switch_speed: 0.2 mm/s
        tolerance: 0.02 mm
      run_current: 0.3 A
      standby_current: 0.08 A
      heartbeat: true
      reply_timeout: 15 ms
      polling_period: 20 ms
      reference_timeout: 5 s
      move_timeout: 2 s
    drivetrain:
      type: linear
      extend_travel: 1 ms
      retract_travel: 1 ms
      fire_one_shot: 15 ms
    timing:
      armed_period: 1 ms
      standby_period: 10 ms
      lease: 100 ms
      retract_max: 20 ms
      stall_max: 100 ms
      wake_max: 20 ms
    real_time:
      priority: 80
      cpu: any
      accepts_no_realtime: true
    watchdog:
      window: 75 ms
    sensors:
      depth_tolerance: 0.15 mm
      time_tolerance: 1 ms
    calibration:
      required: false

    """

  static let board =
    virtual.replacing("kind: virtual", with: "kind: board")
    .replacing("stall_max: 100 ms", with: "stall_max: 10 ms").replacing(
      "wake_max: 20 ms", with: "wake_max: 1 ms"
    )
    .replacing("accepts_no_realtime: true", with: "accepts_no_realtime: false")
    .replacing("time_tolerance: 1 ms", with: "time_tolerance: 0.1 ms")
    .replacing("required: false", with: "required: true\n  maximum_age: 90 days")
    .replacing("baud:", with: "port: /dev/ttyAMA0\n  baud:") + """
      gpio:
        chip: pinctrl-rp1
        inputs:
          ESTOP_A: 12
          ESTOP_B: 13
          STO_FB: 20
          PEDAL_NO: 10
          PEDAL_NC: 11
          CARTRIDGE_N: 5
          GUARD: 21
          NEEDLE_HOME: home
          NEEDLE_BOTTOM: "18"
          DRIVE_FAULT_N: 6
        outputs:
          FIRE: 17
          STO_EN_A: 27
          STO_EN_B: 22
          WATCHDOG: 23
          LED_RED: 24
          LED_YELLOW: 25
          LED_CYAN: 16
          BEEPER: 26

      """

  static let rotary = virtual.replacing(
    """
      type: linear
      extend_travel: 1 ms
      retract_travel: 1 ms
      fire_one_shot: 15 ms
    """,
    with: """
        type: rotary
        cam_stroke: 3 mm
        home_travel: 0.35 mm
        ramp: 30 ms
        park_rate: 20 Hz
        transition_revolutions: 6
        transition_time: 100 ms
        coast_revolutions: 10
      """
  ).replacing("retract_max: 20 ms", with: "retract_max: 100 ms").replacing(
    "  move_timeout: 2 s\n",
    with: """
        move_timeout: 2 s
        needle_motor:
          module: TMCM-1617
          module_address: 3
          motor: 0
          acceleration: 5000 Hz/s
          pole_pairs: 4
          gear: 1:1
          reversed: false
          maximum_current: 0.8 A

      """
  ).replacing("reply_timeout: 15 ms", with: "reply_timeout: 8 ms")

  /// The virtual machine with some lines added, which has to be accepted.
  static func decode(with more: String = "") throws -> MachineProfile {
    let decoded = MachineProfile.decode(ProfileSource(file: "machines/test.yaml", text: virtual + more))
    return try #require(decoded.profile, "\(decoded.problems.map(\.description))")
  }

  /// The problems of a text with one part replaced.
  static func headlines(_ text: String, _ old: String, _ new: String) throws -> [String] {
    let changed = text.replacing(old, with: new)
    try #require(changed != text, "'\(old)' is not in the text")
    return MachineProfile.decode(ProfileSource(file: "test.yaml", text: changed)).problems.map(\.headline)
  }
}
