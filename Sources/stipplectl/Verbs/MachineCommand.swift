import ArgumentParser
import ControlInterface
import Varlink

struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine", abstract: "The machine profile, and how the daemon runs on this host.",
    subcommands: [MachineShowVerb.self, MachineConfirmDateVerb.self])
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

struct MachineConfirmDateVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "confirm-date", abstract: "Confirms that the board's date is right.",
    discussion: """
      A board without a battery clock may wake in the past. Sessions for clients are refused until a technician has looked at a
      calendar and typed today's date.
      """)
  static let deed = "confirm the date"

  @OptionGroup var common: CommonOptions
  @Argument(help: "Today, YYYY-MM-DD.") var date: String

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).confirmDate(.init(date: date)) }
    answer(reply, on: console) { "Confirmed: the board has \(console.clock.date(reply.atUs))." }
  }
}
