import ArgumentParser
import ControlInterface
import Varlink

struct ProfileHistoryVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Lists the versions of a needle profile, the newest first.",
    discussion: "* marks the version it is now. Versions that were taken back are listed, too.")
  static let deed = "list the versions"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The profile's name.", completion: Candidates.profiles) var name: String
  @Option(help: ArgumentHelp("How many, at most 500; 50 when left out.", valueName: "number")) var limit: Int?

  func run(on console: Console) async throws {
    let reply = try await connected { try await Profiles.Client($0).history(.init(name: name, limit: limit)) }
    answer(reply, on: console) {
      HistoryText(versions: reply.versions, paint: console.paint, width: console.width, clock: console.clock)
        .text
    }
  }
}

struct ProfileRestoreVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts an earlier version of a needle profile in force again.",
    discussion: """
      It was confirmed once, so it needs no second confirmation; it is held against today's ceilings. What would change is shown
      first; --yes does not ask.
      """)
  static let deed = "restore the profile"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The profile's name.", completion: Candidates.profiles) var name: String
  @Argument(help: "The version, as profile history numbers them.") var version: Int
  @Flag(help: "Do not ask.") var yes = false

  func run(on console: Console) async throws {
    let reply = try await connected { connection in
      let profiles = Profiles.Client(connection)
      if !yes {
        let diff = try await profiles.diff(.init(name: name, version: version))
        console.complain("\(name), back to version \(version):")
        console.complain(
          DifferenceText(differences: diff.differences, paint: console.errorPaint, width: console.width).text)
        guard console.ask("Put it in force? [y/N] ")?.lowercased().hasPrefix("y") ?? false else {
          throw Trouble(
            status: .failure, headline: "cannot \(Self.deed): it was not confirmed",
            advice: ["Nothing was changed."])
        }
      }
      return try await profiles.restore(.init(name: name, version: version))
    }
    answer(reply, on: console) {
      let profile = reply.profile
      return
        "\(console.paint("Restored:", .green)) \(name) is version \(profile.version), the same as version \(version)"
        + "\(profile.isActive ? ", in use from the next stroke" : "")."
    }
  }
}
