import Glibc
import LinuxMachine
import NeedleSafety

/// The probe's command line.
enum Options {
  static let arguments = Array(CommandLine.arguments.dropFirst())

  static var mode: String? { arguments.first }

  /// The value after `--name`, or nil.
  static func text(_ name: String) -> String? {
    guard let place = arguments.firstIndex(of: "--" + name), place + 1 < arguments.count else { return nil }
    return arguments[place + 1]
  }

  static func number(_ name: String, default value: Int) -> Int { text(name).flatMap { Int($0) } ?? value }

  static var serial: BoardConfiguration.Serial? {
    text("serial").map { BoardConfiguration.Serial(path: $0, baud: 115_200) }
  }

  static var configuration: BoardConfiguration {
    var configuration = BoardConfiguration.named(chip: text("chip") ?? "rig", serial: serial)
    if let line = text("fire-line") {
      configuration.outputs[.fire] = Int(line).map { .offset(UInt32($0)) } ?? .name(line)
    }
    return configuration
  }
}

/// Prints one line at once. Not through stdio: another thread may sit in a read that holds its locks.
func say(_ line: String) {
  var text = Array((line + "\n").utf8)[...]
  while !text.isEmpty {
    let written = unsafe text.withUnsafeBytes { bytes in unsafe write(1, bytes.baseAddress, bytes.count) }
    guard written > 0 else { return }
    text = text.dropFirst(written)
  }
}

func openBoard(wakeUp: WakeUp, handover: SerialHandover = SerialHandover()) throws -> LinuxMachine {
  try LinuxMachine(Options.configuration, wakeUp: wakeUp, handover: handover)
}
