import ArgumentParser
import ControlInterface
import Units
import Varlink

/// How a change is tried out and kept.
struct TrialOptions: ParsableArguments {
  @Flag(help: "Keep the change without asking, for scripts.") var yes = false
  @Flag(
    help: "Do not wait: profile confirm has to follow in time, from any terminal of the same user.")
  var later = false
  @Option(
    help: ArgumentHelp(
      "How long the change waits to be confirmed before it takes itself back, such as 90s or 5min; 1 s to 10 min, 60 s when left out.",
      valueName: "time"))
  var confirmWithin: String?

  func validate() throws {
    guard !(yes && later) else { throw ValidationError("--yes and --later exclude each other.") }
  }

  /// Whole seconds.
  func seconds() throws(Trouble) -> Int? {
    guard let confirmWithin else { return nil }
    let time = try Entry.time(confirmWithin, of: "--confirm-within")
    guard time.inMilliseconds.isMultiple(of: 1_000), (1...600).contains(time.inMilliseconds / 1_000) else {
      throw Trouble(
        status: .invalidValue,
        headline: "--confirm-within must be whole seconds from 1 s to 10 min, not '\(confirmWithin)'")
    }
    return Int(time.inMilliseconds / 1_000)
  }
}

/// A change on its way: proposed, shown, and kept or taken back by an answer.
struct Trial {
  var name: String
  var options: TrialOptions
  var console: Console
  var json: Bool

  /// Proposes and asks. The connection is held for as long as somebody is asked: when this program is gone, so is the change.
  /// Returns false when the change was not kept.
  func run(
    _ connection: VarlinkConnection, changes: [Profiles.Change]? = nil, text: String? = nil,
    baseVersion: Int? = nil
  ) async throws -> Bool {
    let profiles = Profiles.Client(connection)
    let made = try await profiles.propose(
      .init(
        name: name, changes: changes, text: text, baseVersion: baseVersion,
        confirmS: try options.seconds(), hold: !options.later))
    let status = try await Device.Client(connection).getStatus().status
    if !json { show(made, status) }
    if options.later { return waitsForConfirmation(made) }
    switch options.yes ? .yes : answer(made.proposal) {
    case .yes:
      let kept = try await profiles.confirm(.init(ticket: made.proposal.ticket)).profile
      report("confirmed", made, kept) {
        "\(console.paint("Kept:", .green)) \(name) is version \(kept.version)\(kept.isActive ? ", in use" : "")."
      }
      return true
    case .no:
      let left = try await profiles.reject(.init(ticket: made.proposal.ticket)).profile
      report("taken_back", made, left) { "Taken back: \(name) is version \(left.version) again." }
      return false
    case .timeIsUp:
      let left = try await profiles.get(.init(name: name)).profile
      report("taken_back", made, left) {
        "Nobody answered in time. Taken back: \(name) is version \(made.proposal.baseVersion) again."
      }
      return false
    }
  }

  private func show(_ made: Profiles.Propose.Reply, _ status: Device.Status) {
    let proposal = made.proposal
    let head = console.paint.bold(TextWidth.harmless(name))
    console.print("\(head), version \(proposal.baseVersion) → \(proposal.version):")
    console.print(
      DifferenceText(differences: proposal.differences, paint: console.paint, width: console.width).text)
    for warning in made.warnings {
      let lines = TextWidth.wrapped("Note: \(TextWidth.harmless(warning))", to: max(30, console.width - 2))
      for line in lines { console.print("  " + console.paint(line, .yellow)) }
    }
    console.print(effect(status))
  }

  /// What the change does while it is tried out.
  private func effect(_ status: Device.Status) -> String {
    guard status.profile?.name == name else {
      return "\(TextWidth.harmless(name)) is not in use; nothing moves differently yet."
    }
    switch status.state {
    case .armed, .running, .stopping: return "It is tried out now: in force from the next stroke."
    default: return "It is in use; the machine is armed again only once it is kept."
    }
  }

  private func answer(_ proposal: Profiles.Proposal) -> CountdownPrompt.Answer {
    let question = "Keep it?"
    if let askInTime = console.askInTime { return askInTime(question, .milliseconds(proposal.leftMs)) }
    let span = Figures.left(milliseconds: proposal.leftMs)
    let answer = console.ask("\(question) [y/N] (taken back in \(span)) ")
    return answer?.lowercased().hasPrefix("y") ?? false ? .yes : .no
  }

  private func waitsForConfirmation(_ made: Profiles.Propose.Reply) -> Bool {
    let ticket = made.proposal.ticket
    report("proposed", made, nil) {
      """
      It takes itself back in \(Figures.left(milliseconds: made.proposal.leftMs)), unless:
        stipplectl profile confirm \(ticket)
      """
    }
    return true
  }

  /// The end of it: one object for programs, a line for people.
  private func report(
    _ outcome: String, _ made: Profiles.Propose.Reply, _ profile: Profiles.Profile?, _ text: () -> String
  ) {
    guard json else { return console.print(text()) }
    var object: JSONObject = ["outcome": .string(outcome), "proposal": made.proposal.json]
    object["warnings"] = .array(made.warnings.map { .string($0) })
    object["profile"] = profile?.json
    console.print(JSONWriter.text(.object(object), indent: 2))
  }
}
