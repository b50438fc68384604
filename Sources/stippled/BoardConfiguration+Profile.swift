import LinuxMachine
import NeedleSafety
import Profiles

extension BoardConfiguration {
  /// The board that a machine profile describes; `nil` for a virtual machine, which has none.
  init?(_ machine: MachineProfile) {
    guard let layout = machine.gpio else { return nil }
    let inputs = InputSignal.allCases.map { ($0, Line(layout.line($0))) }
    let outputs = OutputSignal.allCases.map { ($0, Line(layout.line($0))) }
    self.init(
      chip: layout.chip, inputs: Dictionary(uniqueKeysWithValues: inputs),
      outputs: Dictionary(uniqueKeysWithValues: outputs),
      serial: machine.drive.port.map { Serial(path: $0, baud: UInt32(clamping: machine.drive.baud)) },
      watchdog: machine.watchdog.device)
  }
}

extension BoardConfiguration.Line {
  init(_ line: GpioLine) {
    self =
      switch line {
      case .name(let name): .name(name)
      case .offset(let offset): .offset(UInt32(clamping: offset))
      }
  }
}
