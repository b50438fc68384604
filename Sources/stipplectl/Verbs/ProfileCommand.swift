import ArgumentParser
import ControlInterface
import Varlink

struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Needle profiles: rate, depth, dwell and mode under a name.",
    subcommands: [
      ProfileListVerb.self, ProfileShowVerb.self, ProfileUseVerb.self, ProfileSetVerb.self,
      ProfileEditVerb.self, ProfileDiffVerb.self, ProfileConfirmVerb.self, ProfileRejectVerb.self,
      ProfileHistoryVerb.self, ProfileRestoreVerb.self, ProfileValidateVerb.self,
    ])
}

struct ProfileListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the needle profiles; * marks the one in use.")
  static let deed = "list the profiles"
  /// The scalp has eight zones.
  private static let allZones = 8

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Profiles.Client($0).list() }
    answer(reply, on: console) {
      table(reply.profiles).text(console.paint, width: console.width)
        + (reply.proposal.map { "\n\n" + words($0, console) } ?? "")
    }
  }

  private func words(_ proposal: Profiles.Proposal, _ console: Console) -> String {
    let head =
      "Tried out by \(LoginName.of(proposal.by)) (\(TextWidth.harmless(proposal.process))): \(proposal.name) version "
      + "\(proposal.version), taken back in \(Figures.left(milliseconds: proposal.leftMs))"
    let text = DifferenceText(
      differences: proposal.differences, paint: console.paint, width: console.width
    ).text
    return """
      \(console.paint(head, .yellow))
      \(text)
      Keep it: stipplectl profile confirm. Take it back: stipplectl profile reject.
      """
  }

  private func table(_ profiles: [Profiles.Profile]) -> Table {
    var table = Table(
      .init(title: ""), .init(title: "Profile"), .init(title: "Version", alignment: .right),
      .init(title: "Mode"),
      .init(title: "Rate", alignment: .right), .init(title: "Depth beyond the nose", alignment: .right),
      .init(title: "Dwell", alignment: .right), .init(title: "For"))
    for profile in profiles {
      table.add(
        profile.isActive ? "*" : "", profile.name, "\(profile.version)\(profile.isConfirmed ? "" : "?")",
        profile.mode.rawValue, Figures.rate(profile.rateHz),
        Figures.depth(profile.depthUm), Figures.milliseconds(profile.dwellUs),
        profile.zones.isEmpty || profile.zones.count == Self.allZones
          ? "any zone" : profile.zones.joined(separator: ", "))
    }
    return table
  }
}

struct ProfileShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a needle profile.")
  static let deed = "show the profile"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The profile's name; the one in use when left out.", completion: Candidates.profiles)
  var name: String?
  @Option(help: ArgumentHelp("An earlier version, as profile history numbers them.", valueName: "number"))
  var version: Int?
  @Flag(help: "Print its YAML text, comments included.") var yaml = false

  func run(on console: Console) async throws {
    let reply = try await connected { connection in
      try await Profiles.Client(connection).get(
        .init(name: try await chosen(connection), version: version))
    }
    answer(reply, on: console) {
      yaml
        ? reply.text
        : ProfileText(
          profile: reply.profile, paint: console.paint, width: console.width, clock: console.clock
        ).text
    }
  }

  private func chosen(_ connection: VarlinkConnection) async throws -> String {
    if let name { return name }
    let status = try await Device.Client(connection).getStatus().status
    guard let active = status.profile?.name else {
      throw Trouble(
        status: .notFound, headline: "cannot show the profile: none is in use",
        advice: ["Name one: stipplectl profile list shows them."])
    }
    return active
  }
}

struct ProfileUseVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Puts a needle profile in force, at the next stroke boundary while running."
  )
  static let deed = "use the profile"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The profile's name.", completion: Candidates.profiles) var name: String

  func run(on console: Console) async throws {
    let reply = try await connected { try await Profiles.Client($0).activate(.init(name: name)) }
    answer(reply, on: console) {
      console.paint("In use:", .green) + " "
        + ProfileText(
          profile: reply.profile, paint: console.paint, width: console.width, clock: console.clock
        ).text
    }
  }
}

struct ProfileValidateVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Checks a profile's file against every ceiling of this machine.",
    discussion:
      "Changes nothing. Problems are given with line, column, value and ceiling; the status is then 6.")
  static let deed = "validate the profile"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The YAML file; - reads the input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  func run(on console: Console) async throws {
    let text = try TextFile.read(file)
    let reply = try await connected { try await Profiles.Client($0).validate(.init(text: text)) }
    let isUsable = reply.problems.allSatisfy(\.isWarning)
    answer(reply, on: console) {
      let problems = ProblemText(file: file, text: text, problems: reply.problems, paint: console.paint)
        .report
      guard isUsable else { return problems }
      let verdict = console.paint("\(file): may be used on this machine.", .green)
      return reply.problems.isEmpty ? verdict : problems + "\n" + verdict
    }
    guard isUsable else {
      throw Refused.alreadyToldOf(.invalidValue)
    }
  }
}
