import Foundation

/// Drive sections of rotary machines that are accepted as they stand, in place of the one in ``MachineText``.
enum DriveText {
  /// A stepper module and a needle motor's module on one TMCL line.
  static let tmcl = """
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
      reply_timeout: 8 ms
      polling_period: 20 ms
      reference_timeout: 5 s
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

  /// A VESC at the port for the needle's motor, and one behind its CAN bus for the depth axis.
  static let vesc = """
    drive:
      protocol: vesc
      baud: 921600
      controller: 11
      mechanics:
        lead: 3 mm
        reversed: false
      maximum_speed: 5 mm/s
      reference:
        depth: -0.5 mm
        tolerance: 0.02 mm
      run_current: 0.3 A
      reply_timeout: 10 ms
      polling_period: 20 ms
      reference_timeout: 5 s
      move_timeout: 2 s
      needle_motor:
        controller: 10
        pole_pairs: 4
        gear: 1:1
        reversed: false
        maximum_current: 0.8 A

    """

  /// ``MachineText/rotary`` with another drive section.
  static func machine(_ drive: String) -> String {
    let whole = MachineText.rotary
    guard let start = whole.range(of: "drive:\n"), let end = whole.range(of: "drivetrain:") else { return "" }
    return whole.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: drive)
  }
}
