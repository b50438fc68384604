import NeedleSafety
import Units

extension DriveProfile {
  /// Rates that termios knows by a constant of their own.
  private static let bauds: [(String, Int32)] = [
    9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
  ].map { ("\($0)", $0) }

  /// One lost reply, its drain and a repeat have to fit between two renewals of the lease, and where two controllers share the
  /// line, those of both.
  private static let replyTimeoutsPerLease: Int64 = 4

  static func read(_ section: SectionReader, kind: MachineKind, limits: MachineLimits) -> DriveProfile? {
    guard
      let `protocol` = section.word("protocol", among: DriveProtocol.allCases.map { ($0.rawValue, $0) })
    else {
      section.acceptRest()
      return nil
    }
    let port = readPort(section, kind: kind)
    let baud = section.word("baud", among: bauds)
    let axis: DepthAxisProfile? =
      switch `protocol` {
      case .tmcl: DepthStepper.read(section, limits: limits).map { .stepper($0) }
      case .vesc: DepthServo.read(section, limits: limits).map { .servo($0) }
      }
    let motorSection = section.section("needle_motor", required: false)
    let motor = motorSection.flatMap { NeedleMotor.read($0, of: `protocol`, limits: limits) }
    if let axis, let motor, let motorSection { refuseSharedNumbers(axis, motor, motorSection) }
    let times = readTimes(section, lease: limits.lease, controllers: motorSection == nil ? 1 : 2)
    section.finish()
    guard let baud, let axis, let times, motorSection == nil || motor != nil else { return nil }
    return DriveProfile(
      port: port, baud: baud, depthAxis: axis, needleMotor: motor, replyTimeout: times.reply,
      pollingPeriod: times.polling, referenceTimeout: times.reference, moveTimeout: times.move)
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

  /// Two controllers on one line must not answer to the same number.
  private static func refuseSharedNumbers(
    _ axis: DepthAxisProfile, _ motor: NeedleMotor, _ section: SectionReader
  ) {
    switch (axis, motor.controller) {
    case (.stepper(let stepper), .tmcl(_, let address, _, _)):
      if address == stepper.moduleAddress {
        section.error(
          "'module_address' \(address) is the depth axis's; both modules would answer", at: "module_address")
      }
      if address == stepper.replyAddress {
        section.error(
          "'module_address' \(address) is the reply address; a reply could not be told from a command",
          at: "module_address")
      }
    case (.servo(let servo), .vesc(let controller)):
      if controller == servo.controller {
        section.error("'controller' \(controller) is the depth axis's; give each its own", at: "controller")
      }
    case (.stepper, .vesc), (.servo, .tmcl): break
    }
  }

  private struct Times {
    let reply: Nanoseconds
    let polling: Nanoseconds
    let reference: Nanoseconds
    let move: Nanoseconds
  }

  private static func readTimes(_ section: SectionReader, lease: Nanoseconds, controllers: Int64) -> Times? {
    let reply = section.quantity("reply_timeout", in: .milliseconds(2)...Nanoseconds.milliseconds(50))
    let polling = section.quantity("polling_period", in: .milliseconds(1)...Nanoseconds.milliseconds(200))
    let timeouts = Nanoseconds.milliseconds(10)...Nanoseconds.seconds(60)
    let reference = section.quantity("reference_timeout", in: timeouts)
    let move = section.quantity("move_timeout", in: timeouts)
    guard let reply, let polling, let reference, let move else { return nil }
    let replies = replyTimeoutsPerLease * controllers
    let needed = polling + reply * replies
    if needed > lease {
      section.error(
        "'polling_period' \(polling) and \(replies) times 'reply_timeout' \(reply) are \(needed), longer "
          + "than the lease \(lease)", at: "polling_period", value: "\(needed)", ceiling: "\(lease)")
    }
    return Times(reply: reply, polling: polling, reference: reference, move: move)
  }
}
