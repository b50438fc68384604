import NeedleSafety
import Units

extension NeedleMotor {
  /// Numbers of controllers on a CAN bus; the highest two mean all of them and none.
  static let controllers: ClosedRange<Int64> = 0...253
  private static let polePairs: ClosedRange<Int64> = 1...50
  private static let accelerations = HertzPerSecond(10)...HertzPerSecond(100_000)
  /// The fastest any of the modules can be told to turn its motor, revolutions per minute.
  private static let fastest: Int64 = 100_000

  static func read(_ section: SectionReader, of protocol: DriveProtocol, limits: MachineLimits) -> Self? {
    let controller = readController(section, of: `protocol`)
    let polePairs = section.count("pole_pairs", in: polePairs)
    let gear = readGear(section, ceilings: limits.ceilings)
    let reversed = section.flag("reversed")
    let most = limits.ceilings.currentPeak
    let current = section.quantity("maximum_current", in: Milliamperes(1)...most, of: "current_peak")
    section.finish()
    guard let controller, let polePairs, let gear, let reversed, let current else { return nil }
    return Self(
      controller: controller, polePairs: Int32(clamping: polePairs), gear: gear, isReversed: reversed,
      maximumCurrent: current)
  }

  private static func readController(_ section: SectionReader, of protocol: DriveProtocol) -> Controller? {
    switch `protocol` {
    case .tmcl:
      section.refuse("controller", because: "does not belong in a TMCL drive; write its module_address")
      let module = section.word("module", among: NeedleModule.allCases.map { ($0.rawValue, $0) })
      let address = section.count("module_address", in: 1...255)
      let motor = section.count("motor", in: 0...5)
      let acceleration = section.quantity("acceleration", in: accelerations)
      guard let module, let address, let motor, let acceleration else { return nil }
      return .tmcl(
        module, address: UInt8(clamping: address), motor: UInt8(clamping: motor), acceleration: acceleration)
    case .vesc:
      for key in ["module", "module_address", "motor"] {
        section.refuse(key, because: "does not belong in a VESC drive; write its controller number")
      }
      section.refuse(
        "acceleration", because: "does not belong in a VESC drive: its ramp is one of its own settings")
      return section.count("controller", in: controllers).map { .vesc(UInt8(clamping: $0)) }
    }
  }

  /// `3:1`: three revolutions of the motor for one of the cam.
  private static func readGear(_ section: SectionReader, ceilings: Ceilings) -> Gear? {
    let expected = "revolutions of the motor to those of the cam, such as 3:1"
    guard let text = section.text("gear", expected: expected) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map {
      try? Quantity.readCount(String($0))
    }
    guard parts.count == 2, let motor = parts[0], let cam = parts[1], (1...1_000).contains(motor),
      (1...1_000).contains(cam)
    else {
      section.error(
        "'gear': '\(text)' is not two whole numbers from 1 to 1000; expected \(expected)", at: "gear")
      return nil
    }
    let fastestMotor = Int64(ceilings.strokeRate.count) * 60 * motor / (1_000 * cam)
    if fastestMotor > fastest {
      section.error(
        "'gear' \(text) turns the motor at \(fastestMotor) rpm at the ceiling of \(ceilings.strokeRate); "
          + "no controller goes beyond \(fastest) rpm", at: "gear", value: "\(fastestMotor) rpm",
        ceiling: "\(fastest) rpm")
    }
    return Gear(motor: Int32(clamping: motor), cam: Int32(clamping: cam))
  }
}
