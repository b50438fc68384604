import ArgumentParser
import ControlInterface
import Varlink

struct SessionPurgeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "purge", abstract: "Deletes recordings that were kept long enough.",
    discussion: """
      How long is the daemon's --retention-years. It names the sessions and asks first; --yes is for scripts, --dry-run only names
      them. The audit chain stays whole. Service engineers only.
      """)
  static let deed = "purge"

  @OptionGroup var common: CommonOptions
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "Only name what would be deleted.") var dryRun = false

  func run(on console: Console) async throws {
    let overdue = try await connected { try await Sessions.Client($0).purge(.init(dryRun: true)) }
    guard !dryRun, !overdue.sessions.isEmpty else {
      return answer(overdue, on: console) {
        overdue.sessions.isEmpty
          ? "No recording is older than \(overdue.keptYears) years."
          : "Older than \(overdue.keptYears) years:\n  " + overdue.sessions.joined(separator: "\n  ")
      }
    }
    if !yes {
      let question =
        "\(overdue.sessions.joined(separator: "\n"))\nDelete these \(overdue.sessions.count) recordings for good? [y/N] "
      guard console.ask(question)?.lowercased().hasPrefix("y") ?? false else {
        throw Trouble(
          status: .failure, headline: "cannot purge: it was not confirmed", advice: ["Nothing was deleted."])
      }
    }
    let reply = try await connected {
      try await Sessions.Client($0).purge(.init(dryRun: false), timeout: .seconds(120))
    }
    answer(reply, on: console) { "\(reply.sessions.count) recordings were deleted." }
  }
}
