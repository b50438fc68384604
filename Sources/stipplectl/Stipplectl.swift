import ArgumentParser
import Glibc

/// The command line of Stipple.
struct Stipplectl: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "stipplectl",
    abstract: "Talks to stippled, which moves the needle of a scalp micropigmentation machine.",
    discussion: """
      Depth is always how far the needle protrudes beyond the cartridge nose, not how deep it goes into the skin.

      Environment:
        STIPPLE_SOCKET  the daemon's socket, unless --socket names it
        NO_COLOR        set to anything: no colours
        VISUAL, EDITOR  what profile edit opens the text with

      Exit status:
      \(ExitStatus.table)
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(
        name: "Machine",
        subcommands: [
          StatusVerb.self, WatchVerb.self, ArmVerb.self, DisarmVerb.self, StopVerb.self, FaultCommand.self,
          SelfTestVerb.self, HomeVerb.self, CalibrateCommand.self, MachineCommand.self, DoctorVerb.self,
          TimingVerb.self,
        ]),
      CommandGroup(
        name: "Treatment",
        subcommands: [ClientCommand.self, PlanCommand.self, SessionCommand.self, ProfileCommand.self]),
      CommandGroup(name: "Accountability", subcommands: [AuditCommand.self]),
      CommandGroup(name: "Virtual machines", subcommands: [SimulateCommand.self]),
      CommandGroup(name: "Shell", subcommands: [CompletionsVerb.self]),
    ])
}

extension Stipplectl {
  /// All commands with their arguments as JSON: what the manual page is made of.
  static var selfDescription: String { _dumpHelp() }

  /// What the parser itself answers to words: help, names to complete, or what is wrong with them; empty when it is a command to run.
  static func parserAnswer(to arguments: [String]) -> String {
    do {
      _ = try parseAsRoot(arguments)
      return ""
    } catch {
      return fullMessage(for: error)
    }
  }
}

@main struct Program {
  static func main() async {
    let run = CommandLineRun(arguments: Array(CommandLine.arguments.dropFirst()), console: .standard())
    let status = await run.execute()
    exit(status.rawValue)
  }
}
