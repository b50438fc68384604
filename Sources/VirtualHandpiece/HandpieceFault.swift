public import NeedleSafety

/// Something wrong with the handpiece, its wiring or the board around it.
public enum HandpieceFault: Equatable, Sendable, BitwiseCopyable {
  /// The sensor or input stage gives this level whatever happens; what it senses goes on.
  case stuck(InputSignal, high: Bool)
  /// Spikes of 1 to 100 µs come on the line, 0.1 to 20 ms apart.
  case noisy(InputSignal)
  /// Every change of the line bounces for up to 0.5 ms.
  case bouncing(InputSignal)
  /// The wire is broken: the input reads its pull. A broken emergency-stop loop takes torque away as well.
  case inputOpen(InputSignal)
  /// The wire is shorted: a normally closed loop reads closed whatever its contact does, any other input reads low. A
  /// shorted emergency-stop loop no longer takes torque away.
  case inputShorted(InputSignal)
  /// The output never leaves the board: what it drives sees its pull-down.
  case outputOpen(OutputSignal)
  /// What the output drives sees it high for good (a welded contact).
  case outputShorted(OutputSignal)
  case oneShotPassesThrough
  case oneShotDead
  /// The external watchdog never takes torque away.
  case watchdogDead
  /// The return spring is gone: the needle stays where the coil leaves it.
  case springBroken
  /// The needle sticks where it is.
  case needleJammed
  /// The coil gives this many percent of its acceleration, 0...100.
  case coilWeak(percent: UInt8)
  /// The needle motor turns at this many percent of the rate it is asked for, 0...200, and the drive believes it does not.
  case camSpeed(percent: UInt8)
  /// The drive pulls its fault line.
  case driveFault

  /// The fault by its name: `spring_broken`, `stuck_high:NEEDLE_HOME`, `coil_weak:40`. `nil` for an unknown one.
  public init?(name: some StringProtocol) {
    let parts = name.split(separator: ":", maxSplits: 1)
    guard let kind = parts.first else { return nil }
    let argument = parts.count > 1 ? String(parts[1]) : ""
    let input = InputSignal.allCases.first { $0.lineName == argument }
    let output = OutputSignal.allCases.first { $0.lineName == argument }
    let found: Self? =
      switch kind {
      case "stuck_high": input.map { .stuck($0, high: true) }
      case "stuck_low": input.map { .stuck($0, high: false) }
      case "noisy": input.map { .noisy($0) }
      case "bouncing": input.map { .bouncing($0) }
      case "input_open": input.map { .inputOpen($0) }
      case "input_shorted": input.map { .inputShorted($0) }
      case "output_open": output.map { .outputOpen($0) }
      case "output_shorted": output.map { .outputShorted($0) }
      case "coil_weak": UInt8(argument).flatMap { $0 <= 100 ? .coilWeak(percent: $0) : nil }
      case "cam_speed": UInt8(argument).flatMap { $0 <= 200 ? .camSpeed(percent: $0) : nil }
      default: argument.isEmpty ? Self.plain(named: String(kind)) : nil
      }
    guard let found else { return nil }
    self = found
  }

  private static func plain(named name: String) -> Self? {
    switch name {
    case "one_shot_passes_through": .oneShotPassesThrough
    case "one_shot_dead": .oneShotDead
    case "watchdog_dead": .watchdogDead
    case "spring_broken": .springBroken
    case "needle_jammed": .needleJammed
    case "drive_fault": .driveFault
    default: nil
    }
  }

  /// The name that ``init(name:)`` takes.
  public var name: String {
    switch self {
    case .stuck(let signal, let high): "stuck_\(high ? "high" : "low"):\(signal.lineName)"
    case .noisy(let signal): "noisy:\(signal.lineName)"
    case .bouncing(let signal): "bouncing:\(signal.lineName)"
    case .inputOpen(let signal): "input_open:\(signal.lineName)"
    case .inputShorted(let signal): "input_shorted:\(signal.lineName)"
    case .outputOpen(let signal): "output_open:\(signal.lineName)"
    case .outputShorted(let signal): "output_shorted:\(signal.lineName)"
    case .oneShotPassesThrough: "one_shot_passes_through"
    case .oneShotDead: "one_shot_dead"
    case .watchdogDead: "watchdog_dead"
    case .springBroken: "spring_broken"
    case .needleJammed: "needle_jammed"
    case .coilWeak(let percent): "coil_weak:\(percent)"
    case .camSpeed(let percent): "cam_speed:\(percent)"
    case .driveFault: "drive_fault"
    }
  }
}
