import ArgumentParser
import ControlInterface
import Varlink

struct ProfileDiffVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Shows what changes, a text or another version would make of a profile.",
    discussion: """
      With nothing but a name: what was changed here since the version that was shipped. Changes nothing.

        stipplectl profile diff hairline-soft
        stipplectl profile diff hairline-soft depth=0.5mm
        stipplectl profile diff hairline-soft --version 3 --from 1
        stipplectl profile diff hairline-soft --file draft.yaml
      """)
  static let deed = "compare the profile"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The profile's name.", completion: Candidates.profiles) var name: String
  @Argument(
    help: ArgumentHelp("What would change.", valueName: "field=value"),
    completion: .list(ProfileChange.beginnings))
  var changes: [String] = []
  @Option(
    help: ArgumentHelp("Compare with the text in this file; - reads the input.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String?
  @Option(help: ArgumentHelp("Compare with this version.", valueName: "number")) var version: Int?
  @Option(help: ArgumentHelp("The older side; the profile as it stands when left out.", valueName: "number"))
  var from: Int?

  func validate() throws {
    let ways = [!changes.isEmpty, file != nil, version != nil].filter { $0 }.count
    guard ways <= 1 else { throw ValidationError("Give changes, --file or --version: one of them.") }
  }

  func run(on console: Console) async throws {
    let changes = try changes.map(ProfileChange.read)
    let text = try file.map { try TextFile.read($0) }
    do {
      let (old, new, reply) = try await connected { connection in
        let profiles = Profiles.Client(connection)
        let standing = try await profiles.get(.init(name: name)).profile
        guard changes.isEmpty, text == nil, version == nil else {
          let reply = try await profiles.diff(
            .init(
              name: name, changes: changes.isEmpty ? nil : changes, text: text, version: version,
              fromVersion: from))
          return (from ?? standing.version, version.map { "version \($0)" } ?? file ?? "changed", reply)
        }
        let old = from ?? standing.shippedVersion ?? standing.version
        let reply = try await profiles.diff(.init(name: name, version: standing.version, fromVersion: old))
        return (old, "version \(standing.version)", reply)
      }
      answer(reply, on: console) { page(reply, "\(name), version \(old) → \(new)", console) }
    } catch let refusal as Profiles.ProfileRefused where !common.json && text != nil {
      console.complain(
        ProblemText(
          file: file ?? name, text: refusal.text, problems: refusal.problems, paint: console.errorPaint
        ).report)
      throw Refused.alreadyToldOf(.invalidValue)
    }
  }

  private func page(_ reply: Profiles.Diff.Reply, _ title: String, _ console: Console) -> String {
    let notes = reply.warnings.map { "  " + console.paint("Note: \(TextWidth.harmless($0))", .yellow) }
    guard !reply.differences.isEmpty else { return "\(title): no value differs." }
    let text = DifferenceText(differences: reply.differences, paint: console.paint, width: console.width).text
    return (["\(console.paint.bold(TextWidth.harmless(title))):", text] + notes).joined(separator: "\n")
  }
}
