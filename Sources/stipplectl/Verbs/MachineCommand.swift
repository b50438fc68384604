import ArgumentParser
import ControlInterface
import Varlink

struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine", abstract: "The machine profile, and how the daemon runs on this host.",
    subcommands: [MachineShowVerb.self])
}

struct MachineShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows the machine: drive, lines, ceilings, what the host withheld.")
  static let deed = "show the machine"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).getMachine() }
    answer(reply, on: console) {
      MachineText(machine: reply.machine, paint: console.paint, width: console.width).text
    }
  }
}
