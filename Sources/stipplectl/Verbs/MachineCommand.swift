import ArgumentParser
import ControlInterface
import Varlink

struct MachineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine", abstract: "The machine profile, and how the daemon runs on this host.",
    subcommands: [MachineShowVerb.self, MachineCheckVerb.self, MachineConfirmDateVerb.self])
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

struct MachineCheckVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Holds the machine profile against the board: chip, lines, drive, watchdog. Nothing moves.",
    discussion: "Without a daemon: stippled --check --machine FILE.")
  static let deed = "check the machine"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).checkMachine() }
    answer(reply, on: console) { text(reply.findings, console) }
    guard reply.isPassed else {
      throw Trouble(
        status: .verificationFailed, headline: "the machine is not as its profile says",
        advice: ["Mend what is marked FAILED, then run stipplectl machine check again."])
    }
  }

  private func text(_ findings: [Device.Finding], _ console: Console) -> String {
    findings.map { finding in
      let mark = finding.isPassed ? console.paint("ok    ", .green) : console.paint("FAILED", .red)
      let subject = TextWidth.padded(TextWidth.harmless(finding.subject), to: 16)
      return "\(mark)  \(subject)  \(TextWidth.harmless(finding.detail))"
    }.joined(separator: "\n")
  }
}
