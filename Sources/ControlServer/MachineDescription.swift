import ControlInterface
import NeedleSafety
import Profiles
import Units

/// What the daemon knows of the host it runs on, for `GetMachine`.
public struct MachineDescription: Sendable {
  public var priority: Int?
  public var cpu: Int?
  public var isMemoryLocked: Bool
  /// What the host withheld, each with what to do about it.
  public var warnings: [String]
  public var version: String
  /// The drive's port as opened; on a virtual machine its pseudo-terminal.
  public var drivePort: String?

  public init(
    priority: Int?, cpu: Int?, isMemoryLocked: Bool, warnings: [String], version: String, drivePort: String?
  ) {
    self.priority = priority
    self.cpu = cpu
    self.isMemoryLocked = isMemoryLocked
    self.warnings = warnings
    self.version = version
    self.drivePort = drivePort
  }

  func machine(_ profile: MachineProfile, _ builder: StatusBuilder) -> Device.Machine {
    let ceilings = Ceilings.tightest(.absolute, profile.ceilings)
    return Device.Machine(
      name: profile.name, description: profile.summary,
      drivetrain: profile.drivetrain.isRotary ? .rotary : .linear,
      isVirtual: profile.kind == .virtual,
      chip: profile.gpio?.chip, driveProtocol: profile.drive.protocol.rawValue, drivePort: drivePort,
      lines: profile.gpio.map(lines) ?? [], ceilings: builder.limits(ceilings, .shallow),
      depthCeilings: Device.DepthCeilings(
        shallowUm: Int(ceilings.depthShallow.count), deepUm: Int(ceilings.depthDeep.count),
        benchUm: Int(ceilings.depthBench.count)),
      periodUs: profile.timing.armedPeriod.microseconds, priority: priority, cpu: cpu,
      isMemoryLocked: isMemoryLocked, warnings: warnings, version: version)
  }

  private func lines(_ layout: GpioLayout) -> [Device.Line] {
    InputSignal.allCases.map {
      Device.Line(signal: $0.lineName, direction: .input, line: "\(layout.line($0))")
    }
      + OutputSignal.allCases.map {
        Device.Line(signal: $0.lineName, direction: .output, line: "\(layout.line($0))")
      }
  }
}
