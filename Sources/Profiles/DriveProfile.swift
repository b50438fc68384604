import NeedleSafety
public import Units

/// The protocol spoken on the drive's serial line.
public enum DriveProtocol: String, CaseIterable, Sendable {
  /// Trinamic Motion Control Language.
  case tmcl
}

/// Which numbers a Trinamic module gives its parameters; `DriveLink` holds the tables.
public enum DriveParameterMap: String, CaseIterable, Sendable {
  /// Stepper modules (acceleration is axis parameter 5, microstep resolution 140).
  case stepper
}

/// The drive of the depth axis, as the machine profile describes it.
public struct DriveProfile: Equatable, Sendable {
  public let `protocol`: DriveProtocol
  /// Path of the serial port; `nil` on a virtual machine, which makes its own.
  public let port: String?
  /// Bits per second.
  public let baud: Int32
  /// Address the module answers to, and the one it puts on its replies; 1...255.
  public let moduleAddress: UInt8
  public let replyAddress: UInt8
  /// Number of the axis on the module, 0...5.
  public let motor: UInt8
  public let parameterMap: DriveParameterMap
  /// Full steps of the motor per revolution, and microsteps per full step (a power of two, 1...256).
  public let stepsPerRevolution: Int32
  public let microstepsPerStep: Int32
  /// Advance of the lead screw per revolution.
  public let lead: Micrometres
  /// Current while the axis moves, and the current the module delivers at full scale (its parameters are shares of it).
  public let runCurrent: Milliamperes
  public let fullScaleCurrent: Milliamperes
  /// Fastest the depth stop may travel.
  public let maximumSpeed: MicrometresPerSecond
  /// The drive's own loss-of-link time-out, whole milliseconds; `nil` where the module has none: then the machine arms only
  /// with the watchdog path verified.
  public let heartbeat: Nanoseconds?
  /// Longest time to find the axis's zero, and to reach a depth.
  public let referenceTimeout: Nanoseconds
  public let moveTimeout: Nanoseconds

  /// Microsteps for one millimetre of depth; whole, since the decoder refuses a lead that does not give a whole number.
  public var microstepsPerMillimetre: Int32 { stepsPerRevolution * microstepsPerStep * 1_000 / lead.count }
}

extension DriveProfile {
  /// Rates that termios knows by a constant of their own.
  private static let bauds: [(String, Int32)] = [
    9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
  ]
  .map { ("\($0)", $0) }
  private static let microsteps: [(String, Int32)] = [1, 2, 4, 8, 16, 32, 64, 128, 256].map { ("\($0)", $0) }

  static func read(_ section: SectionReader, kind: MachineKind, limits: MachineLimits) -> DriveProfile? {
    let drivers = DriveProtocol.allCases.map { ($0.rawValue, $0) }
    let maps = DriveParameterMap.allCases.map { ($0.rawValue, $0) }
    let `protocol` = section.word("protocol", among: drivers)
    let port = readPort(section, kind: kind)
    let baud = section.word("baud", among: bauds)
    let moduleAddress = section.count("module_address", in: 1...255)
    let replyAddress = section.count("reply_address", in: 1...255)
    let motor = section.count("motor", in: 0...5)
    let parameterMap = section.word("parameter_map", among: maps)
    let steps = section.count("steps_per_revolution", in: 4...1_000)
    let microsteps = section.word("microsteps_per_step", among: microsteps)
    let lead = section.quantity("lead", in: Micrometres(50)...Micrometres(20_000))
    let ceilings = limits.ceilings
    let runCurrent = section.quantity(
      "run_current", in: Milliamperes(1)...ceilings.currentContinuous, of: "current_continuous")
    let fullScale = section.quantity("full_scale_current", in: Milliamperes(1)...Milliamperes(10_000))
    let speed = section.quantity(
      "maximum_speed", in: MicrometresPerSecond(10)...MicrometresPerSecond(100_000))
    let heartbeat = readHeartbeat(section, limits: limits)
    let timeouts = Nanoseconds.milliseconds(10)...Nanoseconds.seconds(60)
    let referenceTimeout = section.quantity("reference_timeout", in: timeouts)
    let moveTimeout = section.quantity("move_timeout", in: timeouts)
    section.finish()
    guard let `protocol`, let baud, let moduleAddress, let replyAddress, let motor, let parameterMap,
      let steps,
      let microsteps, let lead, let runCurrent, let fullScale, let speed, let referenceTimeout,
      let moveTimeout
    else { return nil }
    if runCurrent > fullScale {
      section.error(
        "'run_current' \(runCurrent) is above 'full_scale_current' \(fullScale)", at: "run_current")
    }
    guard (steps * Int64(microsteps) * 1_000).isMultiple(of: Int64(lead.count)) else {
      section.error("'lead' \(lead) does not give a whole number of microsteps per millimetre", at: "lead")
      return nil
    }
    return DriveProfile(
      protocol: `protocol`, port: port, baud: baud, moduleAddress: UInt8(clamping: moduleAddress),
      replyAddress: UInt8(clamping: replyAddress), motor: UInt8(clamping: motor), parameterMap: parameterMap,
      stepsPerRevolution: Int32(clamping: steps), microstepsPerStep: microsteps, lead: lead,
      runCurrent: runCurrent,
      fullScaleCurrent: fullScale, maximumSpeed: speed, heartbeat: heartbeat,
      referenceTimeout: referenceTimeout,
      moveTimeout: moveTimeout)
  }

  private static func readPort(_ section: SectionReader, kind: MachineKind) -> String? {
    if kind == .virtual {
      section.refuse("port", because: "does not belong in a virtual machine, which makes its own")
      return nil
    }
    guard let port = section.text("port", expected: "a serial port such as /dev/ttyAMA0") else { return nil }
    if !port.hasPrefix("/") {
      section.error("'port': '\(port)' is not an absolute path such as /dev/ttyAMA0", at: "port")
    }
    return port
  }

  private static func readHeartbeat(_ section: SectionReader, limits: MachineLimits) -> Nanoseconds? {
    let expected = "a time such as 100 ms, or none where the module has no heartbeat"
    guard let text = section.text("heartbeat", expected: expected), text != "none" else { return nil }
    let longest = max(Nanoseconds.milliseconds(1), limits.lease)
    let heartbeat = section.quantity("heartbeat", in: .milliseconds(1)...longest, of: "the lease")
    if let heartbeat, heartbeat.count % 1_000_000 != 0 {
      section.error("'heartbeat' \(heartbeat) is not a whole number of milliseconds", at: "heartbeat")
    }
    return heartbeat
  }
}
