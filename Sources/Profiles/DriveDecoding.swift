import NeedleSafety
import Units

extension DriveProfile {
  /// Rates that termios knows by a constant of their own.
  private static let bauds: [(String, Int32)] = [
    9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
  ].map { ("\($0)", $0) }

  private static let speeds = MicrometresPerSecond(10)...MicrometresPerSecond(100_000)
  /// One lost reply, its drain and a repeat have to fit between two renewals of the lease.
  private static let replyTimeoutsPerLease: Int64 = 4

  static func read(_ section: SectionReader, kind: MachineKind, limits: MachineLimits) -> DriveProfile? {
    let `protocol` = section.word("protocol", among: DriveProtocol.allCases.map { ($0.rawValue, $0) })
    let module = section.word("module", among: DriveModule.allCases.map { ($0.rawValue, $0) })
    let port = readPort(section, kind: kind)
    let baud = section.word("baud", among: bauds)
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
    let times = readTimes(section, lease: limits.lease)
    section.finish()
    guard let `protocol`, let module, let baud, let addresses, let motor, let mechanics, let reference,
      let speed,
      let acceleration, let run, let standby, let heartbeat, let times
    else { return nil }
    return DriveProfile(
      protocol: `protocol`, module: module, port: port, baud: baud, moduleAddress: addresses.module,
      replyAddress: addresses.reply, motor: UInt8(clamping: motor), mechanics: mechanics,
      reference: reference,
      maximumSpeed: speed, maximumAcceleration: acceleration, runCurrent: run, standbyCurrent: standby,
      armsHeartbeat: heartbeat, replyTimeout: times.reply, pollingPeriod: times.polling,
      referenceTimeout: times.reference, moveTimeout: times.move)
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

  private struct Times {
    let reply: Nanoseconds
    let polling: Nanoseconds
    let reference: Nanoseconds
    let move: Nanoseconds
  }

  private static func readTimes(_ section: SectionReader, lease: Nanoseconds) -> Times? {
    let reply = section.quantity("reply_timeout", in: .milliseconds(2)...Nanoseconds.milliseconds(50))
    let polling = section.quantity("polling_period", in: .milliseconds(1)...Nanoseconds.milliseconds(200))
    let timeouts = Nanoseconds.milliseconds(10)...Nanoseconds.seconds(60)
    let reference = section.quantity("reference_timeout", in: timeouts)
    let move = section.quantity("move_timeout", in: timeouts)
    guard let reply, let polling, let reference, let move else { return nil }
    let needed = polling + reply * replyTimeoutsPerLease
    if needed > lease {
      section.error(
        "'polling_period' \(polling) and \(replyTimeoutsPerLease) times 'reply_timeout' \(reply) are \(needed), longer "
          + "than the lease \(lease)", at: "polling_period", value: "\(needed)", ceiling: "\(lease)")
    }
    return Times(reply: reply, polling: polling, reference: reference, move: move)
  }
}

extension DriveProfile.Mechanics {
  private static let microsteps: [(String, Int32)] = [1, 2, 4, 8, 16, 32, 64, 128, 256].map { ("\($0)", $0) }
  /// More microsteps than this per millimetre, and a needle's depths no longer fit the module's counter with room to spare.
  private static let finest: Int64 = 1_000_000

  fileprivate static func read(_ section: SectionReader) -> Self? {
    let steps = section.count("steps_per_revolution", in: 4...1_000)
    let microsteps = section.word("microsteps_per_step", among: microsteps)
    let lead = section.quantity("lead", in: Micrometres(50)...Micrometres(20_000))
    let reversed = section.flag("reversed")
    section.finish()
    guard let steps, let microsteps, let lead, let reversed else { return nil }
    let perRevolution = steps * Int64(microsteps) * 1_000
    guard perRevolution.isMultiple(of: Int64(lead.count)), perRevolution / Int64(lead.count) <= finest else {
      section.error(
        "'lead' \(lead) gives no whole number of microsteps per millimetre up to \(finest)", at: "lead")
      return nil
    }
    return Self(
      stepsPerRevolution: Int32(clamping: steps), microstepsPerStep: microsteps, lead: lead,
      isReversed: reversed)
  }
}

extension DriveProfile.Reference {
  fileprivate static func read(_ section: SectionReader, fastest: MicrometresPerSecond) -> Self? {
    let depth = section.quantity("depth", in: Micrometres(-10_000)...Micrometres(10_000))
    let slowest = MicrometresPerSecond(1)
    let speed = section.quantity("speed", in: slowest...fastest, of: "maximum_speed")
    let switchSpeed = section.quantity("switch_speed", in: slowest...fastest, of: "maximum_speed")
    let tolerance = section.quantity("tolerance", in: Micrometres(1)...MachineLimits.depthTolerance)
    section.finish()
    guard let depth, let speed, let switchSpeed, let tolerance else { return nil }
    return Self(depth: depth, speed: speed, switchSpeed: switchSpeed, tolerance: tolerance)
  }
}
