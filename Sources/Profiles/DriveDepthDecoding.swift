import NeedleSafety
import Units

/// Speeds of any depth axis.
private let speeds = MicrometresPerSecond(10)...MicrometresPerSecond(100_000)
/// Depths at which an axis may have its zero.
private let zeroDepths = Micrometres(-10_000)...Micrometres(10_000)
/// Advance of an axis per revolution.
private let leads = Micrometres(50)...Micrometres(20_000)

extension DepthStepper {
  /// Reads the keys that a TMCL drive's section has for the depth axis.
  static func read(_ section: SectionReader, limits: MachineLimits) -> Self? {
    section.refuse(
      "controller", because: "does not belong in a TMCL drive; its modules have a module_address")
    let module = section.word("module", among: DriveModule.allCases.map { ($0.rawValue, $0) })
    let addresses = readAddresses(section)
    let motor = section.count("motor", in: 0...5)
    let mechanics = section.section("mechanics").flatMap { Mechanics.read($0) }
    let speed = section.quantity("maximum_speed", in: speeds)
    let accelerations = MicrometresPerSecondSquared(1_000)...MicrometresPerSecondSquared(1_000_000)
    let acceleration = section.quantity("maximum_acceleration", in: accelerations)
    let reference = section.section("reference").flatMap {
      Reference.read($0, fastest: speed ?? speeds.upperBound)
    }
    let most = limits.ceilings.currentContinuous
    let run = section.quantity("run_current", in: Milliamperes(1)...most, of: "current_continuous")
    let standby = section.quantity("standby_current", in: .zero...(run ?? most), of: "run_current")
    let heartbeat = section.flag("heartbeat")
    guard let module, let addresses, let motor, let mechanics, let reference, let speed, let acceleration,
      let run, let standby, let heartbeat
    else { return nil }
    return Self(
      module: module, moduleAddress: addresses.module, replyAddress: addresses.reply,
      motor: UInt8(clamping: motor), mechanics: mechanics, reference: reference, maximumSpeed: speed,
      maximumAcceleration: acceleration, runCurrent: run, standbyCurrent: standby, armsHeartbeat: heartbeat)
  }

  private static func readAddresses(_ section: SectionReader) -> (module: UInt8, reply: UInt8)? {
    let module = section.count("module_address", in: 1...255)
    let reply = section.count("reply_address", in: 1...255)
    guard let module, let reply else { return nil }
    if module == reply {
      section.error(
        "'reply_address' \(reply) is the module's own; a reply could not be told from a command",
        at: "reply_address")
    }
    return (UInt8(clamping: module), UInt8(clamping: reply))
  }
}

extension DepthStepper.Mechanics {
  private static let microsteps: [(String, Int32)] = [1, 2, 4, 8, 16, 32, 64, 128, 256].map { ("\($0)", $0) }
  /// More microsteps than this per millimetre, and a needle's depths no longer fit the module's counter with room to spare.
  private static let finest: Int64 = 1_000_000

  fileprivate static func read(_ section: SectionReader) -> Self? {
    let steps = section.count("steps_per_revolution", in: 4...1_000)
    let microsteps = section.word("microsteps_per_step", among: microsteps)
    let lead = section.quantity("lead", in: leads)
    let reversed = section.flag("reversed")
    // The search looks for the left switch, and would drive a reversed axis away from it, with the needle out, until it times out.
    if reversed == true {
      section.error(
        "'reversed': a TMCL module looks for its reference switch to the left; swap the two wires of one of the motor's windings "
          + "so that its counter rises as the needle comes out", at: "reversed")
    }
    section.finish()
    guard let steps, let microsteps, let lead, reversed == false else { return nil }
    let perRevolution = steps * Int64(microsteps) * 1_000
    guard perRevolution.isMultiple(of: Int64(lead.count)), perRevolution / Int64(lead.count) <= finest else {
      section.error(
        "'lead' \(lead) gives no whole number of microsteps per millimetre up to \(finest)", at: "lead")
      return nil
    }
    return Self(
      stepsPerRevolution: Int32(clamping: steps), microstepsPerStep: microsteps, lead: lead)
  }
}

extension DepthStepper.Reference {
  fileprivate static func read(_ section: SectionReader, fastest: MicrometresPerSecond) -> Self? {
    let depth = section.quantity("depth", in: zeroDepths)
    let slowest = MicrometresPerSecond(1)
    let speed = section.quantity("speed", in: slowest...fastest, of: "maximum_speed")
    let switchSpeed = section.quantity("switch_speed", in: slowest...fastest, of: "maximum_speed")
    let tolerance = section.quantity("tolerance", in: Micrometres(1)...MachineLimits.depthTolerance)
    section.finish()
    guard let depth, let speed, let switchSpeed, let tolerance else { return nil }
    return Self(depth: depth, speed: speed, switchSpeed: switchSpeed, tolerance: tolerance)
  }
}

extension DepthServo {
  /// What a TMCL drive has and a VESC has not, each with what takes its place.
  private static let foreign = [
    ("module", "a VESC says what it is"), ("module_address", "a VESC has a controller number"),
    ("reply_address", "a VESC has a controller number"), ("motor", "a VESC turns one motor"),
    ("maximum_acceleration", "a VESC's ramp is one of its own settings"),
    ("standby_current", "a VESC has one limit, run_current"),
    ("heartbeat", "a VESC's time-out is one of its own settings, and is always verified"),
  ]

  /// Reads the keys that a VESC drive's section has for the depth axis.
  static func read(_ section: SectionReader, limits: MachineLimits) -> Self? {
    for (key, reason) in foreign {
      section.refuse(key, because: "does not belong in a VESC drive: \(reason)")
    }
    let controller = section.count("controller", in: NeedleMotor.controllers)
    let mechanics = section.section("mechanics").flatMap { readMechanics($0) }
    let speed = section.quantity("maximum_speed", in: speeds)
    let reference = section.section("reference").flatMap { readReference($0) }
    let most = limits.ceilings.currentContinuous
    let current = section.quantity("run_current", in: Milliamperes(1)...most, of: "current_continuous")
    guard let controller, let mechanics, let speed, let reference, let current else { return nil }
    return Self(
      controller: UInt8(clamping: controller), lead: mechanics.lead, isReversed: mechanics.isReversed,
      depthAtZero: reference.depth, tolerance: reference.tolerance, maximumSpeed: speed,
      maximumCurrent: current)
  }

  private static func readMechanics(_ section: SectionReader) -> (lead: Micrometres, isReversed: Bool)? {
    for key in ["steps_per_revolution", "microsteps_per_step"] {
      section.refuse(key, because: "does not belong in a VESC drive, which counts degrees")
    }
    let lead = section.quantity("lead", in: leads)
    let reversed = section.flag("reversed")
    section.finish()
    guard let lead, let reversed else { return nil }
    return (lead, reversed)
  }

  private static func readReference(_ section: SectionReader) -> (depth: Micrometres, tolerance: Micrometres)?
  {
    for key in ["speed", "switch_speed"] {
      section.refuse(
        key, because: "does not belong in a VESC drive, whose encoder is absolute: it does not search")
    }
    let depth = section.quantity("depth", in: zeroDepths)
    let tolerance = section.quantity("tolerance", in: Micrometres(1)...MachineLimits.depthTolerance)
    section.finish()
    guard let depth, let tolerance else { return nil }
    return (depth, tolerance)
  }
}
