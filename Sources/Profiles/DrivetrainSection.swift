import NeedleSafety
import Units

/// The section `drivetrain` of a machine profile: what makes a stroke, and the hardware that bounds its time out.
struct DrivetrainSection {
  let drivetrain: Drivetrain
  /// Zero on a rotary machine.
  let fireOneShot: Nanoseconds

  static func read(_ section: SectionReader, ceilings: Ceilings) -> DrivetrainSection? {
    guard let isRotary = section.word("type", among: [("linear", false), ("rotary", true)]) else {
      section.acceptRest()
      return nil
    }
    return isRotary ? readRotary(section, ceilings) : readLinear(section, ceilings)
  }

  // MARK: Linear

  private static func readLinear(_ section: SectionReader, _ ceilings: Ceilings) -> DrivetrainSection? {
    let travels = Nanoseconds.microseconds(1)...ceilings.dwell
    let extend = section.quantity("extend_travel", in: travels, of: "dwell ceiling")
    let retract = section.quantity("retract_travel", in: travels, of: "dwell ceiling")
    let oneShot = section.quantity("fire_one_shot", in: .microseconds(1)...MachineLimits.fireOneShot)
    section.finish()
    guard let extend, let retract, let oneShot else { return nil }
    if extend + retract > ceilings.dwell {
      section.error(
        "the way there and back takes \(extend + retract), longer than the dwell ceiling \(ceilings.dwell)",
        at: "retract_travel", value: "\(extend + retract)", ceiling: "\(ceilings.dwell)")
    }
    // A shorter one would cut short strokes that every other limit allows, and each would be a fault.
    let longestFire = extend + ceilings.dwell
    if oneShot < longestFire {
      section.error(
        "'fire_one_shot' \(oneShot) is shorter than the longest stroke it has to let through, \(longestFire) "
          + "(extend_travel \(extend) + dwell ceiling \(ceilings.dwell))", at: "fire_one_shot",
        value: "\(oneShot)",
        ceiling: "\(longestFire)")
    }
    return DrivetrainSection(
      drivetrain: .linear(LinearGeometry(extendTravel: extend, retractTravel: retract)), fireOneShot: oneShot)
  }

  // MARK: Rotary

  private static func readRotary(_ section: SectionReader, _ ceilings: Ceilings) -> DrivetrainSection? {
    let stroke = section.quantity("cam_stroke", in: MachineLimits.camStroke)
    let home = section.quantity("home_travel", in: Micrometres(10)...Micrometres(5_000))
    let ramp = section.quantity("ramp", in: MachineLimits.ramp)
    let park = section.quantity("park_rate", in: .hertz(1)...ceilings.strokeRate, of: "stroke_rate ceiling")
    let revolutions = section.count("transition_revolutions", in: 1...MachineLimits.transitionRevolutions)
    let time = section.quantity(
      "transition_time", in: .milliseconds(1)...MachineLimits.retractMaximumRotary)
    let coast = section.count("coast_revolutions", in: 0...MachineLimits.coastRevolutions)
    section.finish()
    guard let stroke, let home, let ramp, let park, let revolutions, let time, let coast else { return nil }
    let geometry = RotaryGeometry(
      stroke: stroke, homeTravel: home, ramp: ramp, rampRate: ceilings.strokeRate, parkRate: park,
      transitionRevolutions: Int32(clamping: revolutions), transitionTime: time,
      coastRevolutions: Int32(clamping: coast))
    check(geometry, section, ceilings)
    return DrivetrainSection(drivetrain: .rotary(geometry), fireOneShot: .zero)
  }

  private static func check(_ geometry: RotaryGeometry, _ section: SectionReader, _ ceilings: Ceilings) {
    let inside = geometry.stroke - ceilings.depthBench
    if geometry.homeTravel > inside {
      section.error(
        "'home_travel' \(geometry.homeTravel) reaches past the nose at the deepest setting; 'cam_stroke' "
          + "\(geometry.stroke) less the bench's depth ceiling \(ceilings.depthBench) leaves \(inside)",
        at: "home_travel", value: "\(geometry.homeTravel)", ceiling: "\(inside)")
    }
    let period = geometry.parkRate.period ?? .zero
    let atHome = period - geometry.timeAway(over: period)
    // Half the ramp: the mean of the park rate and a stand, over the time from one to the other.
    let needed = RotaryGeometry.commandLatency + geometry.rampTime(from: geometry.parkRate, to: .zero) / 2
    if needed > atHome {
      section.error(
        "'park_rate' \(geometry.parkRate) leaves the needle at home for \(atHome), but braking there takes as long as "
          + "\(needed) at that rate; a lower rate, a shorter ramp or a wider home_travel fits",
        at: "park_rate",
        value: "\(needed)", ceiling: "\(atHome)")
    }
    let slowest = geometry.longestSpinDown(from: ceilings.strokeRate)
    if slowest > geometry.transitionTime {
      section.error(
        "'transition_time' \(geometry.transitionTime) is shorter than a spin-down from \(ceilings.strokeRate) may take, "
          + "\(slowest) (command, ramp, one revolution at park_rate, brake)", at: "transition_time",
        value: "\(slowest)", ceiling: "\(geometry.transitionTime)")
    }
  }

  /// The needle motor that a cam needs, and a coil has not.
  func check(_ drive: DriveProfile, in section: SectionReader) {
    switch (drivetrain, drive.needleMotor) {
    case (.linear, nil): return
    case (.linear, .some):
      section.error(
        "'drive.needle_motor' does not belong in a linear machine: its needle has no motor", at: "drive")
    case (.rotary, nil):
      section.error("a rotary machine needs 'drive.needle_motor': what turns its cam", at: "drive")
    case (.rotary(let geometry), .some(let motor)):
      guard case .tmcl(_, _, _, let acceleration) = motor.controller else { return }
      // Slower, and a spin-down would be looked for at home before it is over.
      guard acceleration.count < geometry.acceleration else { return }
      section.error(
        "'drive.needle_motor.acceleration' \(acceleration) does not reach \(geometry.rampRate) within 'drivetrain.ramp' "
          + "\(geometry.ramp); it takes \(geometry.acceleration) Hz/s", at: "drive", value: "\(acceleration)",
        ceiling: "\(geometry.acceleration) Hz/s")
    }
  }

  /// What the timing has to leave room for.
  func check(_ timing: MachineProfile.Timing, in section: SectionReader, ceilings: Ceilings) {
    let name: String
    let needed: Nanoseconds
    switch drivetrain {
    case .linear(let geometry):
      name = "drivetrain.retract_travel"
      needed = geometry.retractTravel
      if timing.retractMaximum > MachineLimits.retractMaximum {
        section.error(
          "'retract_max' \(timing.retractMaximum) is above the ceiling \(MachineLimits.retractMaximum) of a linear machine",
          at: "retract_max", value: "\(timing.retractMaximum)", ceiling: "\(MachineLimits.retractMaximum)")
      }
    case .rotary(let geometry):
      name = "drivetrain: a spin-down from \(ceilings.strokeRate)"
      needed = geometry.longestSpinDown(from: ceilings.strokeRate)
    }
    guard timing.retractMaximum < needed else { return }
    section.error(
      "'retract_max' \(timing.retractMaximum) is shorter than the needle's way home, \(needed) (\(name))",
      at: "retract_max")
  }
}
