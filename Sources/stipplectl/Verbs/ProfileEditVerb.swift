import ArgumentParser
import ControlInterface
import Varlink

struct ProfileEditVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Opens a needle profile's text in your editor, comments and all.",
    discussion: """
      The editor is $VISUAL, else $EDITOR. Problems come back with line and caret, and the text can be edited again. What was
      changed is then tried out and kept as by profile set. --file takes the text from a file instead of an editor.
      """)
  static let deed = "edit the profile"

  @OptionGroup var common: CommonOptions
  @OptionGroup var trial: TrialOptions
  @Argument(help: "The profile's name.", completion: Candidates.profiles) var name: String
  @Option(
    help: ArgumentHelp("Take the text from this file; - reads the input.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String?

  func run(on console: Console) async throws {
    let (standing, listed) = try await connected { connection in
      let profiles = Profiles.Client(connection)
      return (try await profiles.get(.init(name: name)), try await profiles.list())
    }
    // Told before the work, not after it.
    if let proposal = listed.proposal { throw Profiles.BeingChanged(proposal: proposal) }
    guard let file else { return try await edit(standing, console) }
    let text = try TextFile.read(file)
    guard try await propose(text, from: nil, console, named: file) else {
      throw Refused.alreadyToldOf(.failure)
    }
  }

  /// Editor, problems, editor again, until the text may be used or is given up.
  private func edit(_ standing: Profiles.Get.Reply, _ console: Console) async throws {
    let draft = try EditedFile(of: name, text: standing.text)
    var line: Int?
    while true {
      let status = try console.edit(draft.path, line)
      guard status == 0 else {
        draft.remove()
        throw Trouble(
          status: .failure, headline: "cannot \(Self.deed): the editor ended with status \(status)",
          advice: ["Nothing was changed."])
      }
      let text = try draft.read()
      guard text != standing.text else {
        draft.remove()
        console.complain("Nothing was changed.")
        if common.json { console.print("{\"outcome\": \"unchanged\"}") }
        return
      }
      guard let problems = try await problems(of: text) else {
        return try await finish(draft, text, standing, console)
      }
      console.complain(report(problems, of: "\(name).yaml", text, console))
      line = problems.first { !$0.isWarning }?.line
      guard asksForMore(console) else {
        throw Trouble(
          status: .invalidValue, headline: "cannot \(Self.deed): its text has problems",
          advice: ["Nothing was changed. " + Self.keptAt(draft, name)])
      }
    }
  }

  private func finish(
    _ draft: EditedFile, _ text: String, _ standing: Profiles.Get.Reply, _ console: Console
  ) async throws {
    do {
      if try await propose(text, from: standing.profile.version, console, named: "\(name).yaml") {
        return draft.remove()
      }
    } catch {
      console.complain(Self.keptAt(draft, name))
      throw error
    }
    console.complain(Self.keptAt(draft, name))
    throw Refused.alreadyToldOf(.failure)
  }

  /// False when the change was taken back.
  private func propose(_ text: String, from version: Int?, _ console: Console, named file: String)
    async throws
    -> Bool
  {
    do {
      return try await connected { connection in
        try await Trial(name: name, options: trial, console: console, json: common.json).run(
          connection, text: text, baseVersion: version)
      }
    } catch let refusal as Profiles.ProfileRefused where !common.json {
      console.complain(report(refusal.problems, of: file, text, console))
      throw Refused.alreadyToldOf(.invalidValue)
    }
  }

  /// Nil when the text may be used on this machine.
  private func problems(of text: String) async throws -> [Profiles.Problem]? {
    do {
      _ = try await connected { try await Profiles.Client($0).diff(.init(name: name, text: text)) }
      return nil
    } catch let refusal as Profiles.ProfileRefused {
      return refusal.problems
    }
  }

  private func report(_ problems: [Profiles.Problem], of file: String, _ text: String, _ console: Console)
    -> String
  {
    ProblemText(file: file, text: text, problems: problems, paint: console.errorPaint).report
  }

  /// Return means yes: the text is there, and most slips are small.
  private func asksForMore(_ console: Console) -> Bool {
    guard let answer = console.ask("Edit again? [Y/n] ") else { return false }
    return !answer.lowercased().hasPrefix("n")
  }

  private static func keptAt(_ draft: EditedFile, _ name: String) -> String {
    "Your text is kept: stipplectl profile edit \(name) --file \(draft.path)"
  }
}
