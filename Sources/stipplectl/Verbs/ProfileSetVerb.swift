import ArgumentParser
import ControlInterface
import Varlink

struct ProfileSetVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Changes values of a needle profile; they take themselves back unless kept.",
    discussion: """
      Fields: mode, rate, depth, dwell, strokes-per-dot, dot-rate. Values carry a unit: 0.5mm, 500um, 95Hz, 5700/min, 2ms.
      The change is in force from the next stroke, is shown beside its ceilings, and waits for y. It is taken back when it is not
      kept in time, and at once on any other answer, on Ctrl-C, or when the terminal is lost.

        stipplectl profile set hairline-soft depth=0.5mm rate=95Hz

      The status is 0 when the change was kept, 1 when it was taken back, 4 while somebody else's change is tried out, 6 when a value
      is above a ceiling.
      """)
  static let deed = "change the profile"

  @OptionGroup var common: CommonOptions
  @OptionGroup var trial: TrialOptions
  @Argument(help: "The profile's name.", completion: Candidates.profiles) var name: String
  @Argument(
    help: ArgumentHelp("What changes.", valueName: "field=value"), completion: .list(ProfileChange.beginnings)
  )
  var changes: [String]

  func run(on console: Console) async throws {
    let changes = try changes.map(ProfileChange.read)
    let isKept = try await connected { connection in
      try await Trial(name: name, options: trial, console: console, json: common.json).run(
        connection, changes: changes)
    }
    guard isKept else { throw Refused.alreadyToldOf(.failure) }
  }
}

/// A change as typed; which fields there are and what they may be is the daemon's to judge.
enum ProfileChange {
  static let beginnings = ["mode=", "rate=", "depth=", "dwell=", "strokes-per-dot=", "dot-rate="]

  static func read(_ text: String) throws(Trouble) -> Profiles.Change {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw Trouble(
        status: .invalidValue, headline: "'\(text)' is not a change",
        advice: ["Write FIELD=VALUE, such as depth=0.5mm; quote a value with a blank: 'depth=0.5 mm'."])
    }
    return Profiles.Change(field: String(parts[0]), value: String(parts[1]))
  }
}
