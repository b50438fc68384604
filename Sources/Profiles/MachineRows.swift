import NeedleSafety
import Units

extension MachineProfile {
  /// The profile in its canonical form, for hashing and for diffs.
  public var canonicalText: String {
    CanonicalText.of(.machine, name: name, summary: summary, rows: rows)
  }

  /// Every field but name and description, with the bound that holds it.
  public var rows: [ProfileRow] {
    [ProfileRow("kind", kind.rawValue)] + gpioRows + drive.rows(ceilings: ceilings) + drivetrainRows
      + timingRows + supportRows
      + CeilingField.all.map { field in
        ProfileRow("ceilings.\(field.key)", field.shown(ceilings), ceiling: field.shown(.absolute))
      }
  }

  private var gpioRows: [ProfileRow] {
    guard let gpio else { return [] }
    func row(_ group: String, _ name: String, _ line: GpioLine) -> ProfileRow {
      if case .name(let text) = line { return ProfileRow("gpio.\(group).\(name)", text, isText: true) }
      return ProfileRow("gpio.\(group).\(name)", line.description)
    }
    return [ProfileRow("gpio.chip", gpio.chip, isText: true)]
      + InputSignal.allCases.map { row("inputs", $0.lineName, gpio.line($0)) }
      + OutputSignal.allCases.map { row("outputs", $0.lineName, gpio.line($0)) }
  }

  private var drivetrainRows: [ProfileRow] {
    switch drivetrain {
    case .linear(let geometry):
      [
        ProfileRow("drivetrain.type", "linear"),
        ProfileRow("drivetrain.extend_travel", "\(geometry.extendTravel)", ceiling: "\(ceilings.dwell)"),
        ProfileRow("drivetrain.retract_travel", "\(geometry.retractTravel)", ceiling: "\(ceilings.dwell)"),
        ProfileRow("drivetrain.fire_one_shot", "\(fireOneShot)", ceiling: "\(MachineLimits.fireOneShot)"),
      ]
    case .rotary(let geometry):
      [
        ProfileRow("drivetrain.type", "rotary"),
        ProfileRow("drivetrain.cam_stroke", "\(geometry.stroke)"),
        ProfileRow("drivetrain.home_travel", "\(geometry.homeTravel)"),
        ProfileRow("drivetrain.ramp", "\(geometry.ramp)"),
        ProfileRow("drivetrain.park_rate", "\(geometry.parkRate)", ceiling: "\(ceilings.strokeRate)"),
        ProfileRow(
          "drivetrain.transition_revolutions", "\(geometry.transitionRevolutions)",
          ceiling: "\(MachineLimits.transitionRevolutions)"),
        ProfileRow(
          "drivetrain.transition_time", "\(geometry.transitionTime)",
          ceiling: "\(MachineLimits.retractMaximumRotary)"),
        ProfileRow(
          "drivetrain.coast_revolutions", "\(geometry.coastRevolutions)",
          ceiling: "\(MachineLimits.coastRevolutions)"),
      ]
    }
  }

  private var timingRows: [ProfileRow] {
    let limits = MachineLimits(kind)
    return [
      ProfileRow("timing.armed_period", "\(timing.armedPeriod)", ceiling: "\(MachineLimits.armedPeriod)"),
      ProfileRow(
        "timing.standby_period", "\(timing.standbyPeriod)", ceiling: "\(MachineLimits.standbyPeriod)"),
      ProfileRow("timing.lease", "\(timing.lease)", ceiling: "\(ceilings.lease)"),
      ProfileRow(
        "timing.retract_max", "\(timing.retractMaximum)",
        ceiling:
          "\(drivetrain.isRotary ? MachineLimits.retractMaximumRotary : MachineLimits.retractMaximum)"),
      ProfileRow("timing.stall_max", "\(timing.stallMaximum)", ceiling: "\(limits.stallMaximum)"),
      ProfileRow("timing.wake_max", "\(timing.wakeMaximum)", ceiling: "\(limits.wakeMaximum)"),
    ]
  }

  private var supportRows: [ProfileRow] {
    let limits = MachineLimits(kind)
    let device = watchdog.device.map { [ProfileRow("watchdog.device", $0, isText: true)] } ?? []
    let calibration =
      calibrationMaximumAge.map {
        [
          ProfileRow("calibration.required", "true"),
          ProfileRow("calibration.maximum_age", "\($0)", ceiling: "\(MachineLimits.calibrationAge)"),
        ]
      } ?? [ProfileRow("calibration.required", "false")]
    let pedalRows: [ProfileRow] =
      switch pedal {
      case .momentary: [ProfileRow("pedal.mode", "momentary")]
      case .latched(let deadMan):
        [
          ProfileRow("pedal.mode", "latched"),
          ProfileRow("pedal.dead_man", "\(deadMan)", ceiling: "\(ceilings.continuousRun)"),
        ]
      }
    let physics = physicsSeed.map { [ProfileRow("physics.seed", "\($0)")] } ?? []
    return [
      ProfileRow("real_time.priority", "\(realTime.priority)"),
      ProfileRow("real_time.cpu", realTime.cpu.map { "\($0)" } ?? "any"),
      ProfileRow("real_time.accepts_no_realtime", "\(realTime.acceptsNoRealTime)"),
      ProfileRow(
        "watchdog.window", "\(watchdog.window)", ceiling: "\(MachineLimits.watchdogWindow.upperBound)"),
    ] + device + [
      ProfileRow("sensors.depth_tolerance", "\(tolerance.depth)", ceiling: "\(MachineLimits.depthTolerance)"),
      ProfileRow("sensors.time_tolerance", "\(tolerance.time)", ceiling: "\(limits.timeTolerance)"),
    ] + pedalRows + calibration + physics
  }
}
