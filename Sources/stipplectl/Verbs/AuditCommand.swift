import ArgumentParser
import Catalog
import ControlInterface
import SessionLog
import Varlink

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Who did what, in a chain that shows when something was changed.",
    subcommands: [AuditTailVerb.self, AuditVerifyVerb.self])
}

struct AuditTailVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Shows the newest entries, oldest first.",
    discussion: """
      With --follow it goes on with what is added from now, until Ctrl-C. Whoever did it stands there by login name, and hashes are
      shortened; --json gives everything as it is in the chain.
      """)
  static let deed = "show the audit"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("How many; 50 when left out.", valueName: "number")) var count: Int?
  @Flag(help: "Go on with what is added from now.") var follow = false

  func run(on console: Console) async throws {
    let parameters = Audit.Tail.Parameters(count: count, follow: follow ? true : nil)
    var text = AuditText(paint: console.paint, width: console.width, clock: console.clock)
    try await connected { connection in
      for try await reply in Audit.Client(connection).tail(parameters, timeout: follow ? nil : .seconds(30)) {
        let lines = reply.entries.map { entry in
          common.json ? JSONWriter.text(entry.json) : text.text(of: entry)
        }
        if !lines.isEmpty { console.print(lines.joined(separator: "\n")) }
      }
    }
  }
}

struct AuditVerifyVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Walks the whole chain, and holds every recording against it.",
    discussion: """
      The chain cannot see by itself that its tail was cut or that all of it was rewritten: give a hash from a report or from the
      journal as --head. With --state it reads a state folder, such as a copy, without a daemon. The status is 8 when something
      is wrong.
      """)
  static let deed = "verify the audit"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("A hash that the chain must contain, 64 digits.", valueName: "hash"))
  var head: String?
  @Option(
    help: ArgumentHelp("A folder with catalog.sqlite and sessions/.", valueName: "folder"),
    completion: .directory)
  var state: String?

  func run(on console: Console) async throws {
    let progress = Progress(console, isWanted: !common.json)
    let reply = try await progress.during("Walking the chain") {
      if let state { return try offline(state) }
      return try await connected { try await Audit.Client($0).verify(.init(head: head), timeout: nil) }
    }
    answer(reply, on: console) { text(reply, console) }
    guard reply.isIntact else { throw Refused.alreadyToldOf(.verificationFailed) }
  }

  /// In the form of the daemon's own answer.
  private func offline(_ folder: String) throws -> Audit.Verify.Reply {
    let path = folder + "/catalog.sqlite"
    guard TextFile.exists(path) else {
      throw Trouble(
        status: .notFound, headline: "cannot verify the audit: there is no file \(path)",
        advice: ["Name the folder that stippled was given as --state-dir, or a copy of it."])
    }
    var wanted: SHA256Digest?
    if let head {
      wanted = SHA256Digest(hexadecimal: head)
      guard wanted != nil else {
        throw Trouble(
          status: .invalidValue, headline: "cannot verify the audit: '\(head)' is not a hash",
          advice: ["A hash has 64 hexadecimal digits."])
      }
    }
    let verdict: AuditVerdict
    do {
      verdict = try Catalog(reading: path).verifyAudit(head: wanted, sessions: folder + "/sessions")
    } catch {
      throw Trouble(status: .failure, headline: "cannot verify the audit: \(error)")
    }
    return Audit.Verify.Reply(
      isIntact: verdict.holds, lengthEntries: Int(clamping: verdict.head.length),
      head: verdict.head.hash?.description,
      firstWrongSequence: verdict.problem.map { Int(clamping: $0.sequence) }, finding: verdict.problem?.reason
    )
  }

  private func text(_ reply: Audit.Verify.Reply, _ console: Console) -> String {
    guard let finding = reply.finding, let first = reply.firstWrongSequence else {
      let head = reply.head.map { "\nHead: \($0)" } ?? ""
      let seen = self.head == nil ? "" : " The hash you gave is in it."
      return console.paint("Intact:", .green) + " \(Figures.count(reply.lengthEntries)) entries.\(seen)"
        + head
    }
    return console.paint("NOT INTACT:", .red) + " entry \(first): \(TextWidth.harmless(finding)).\n"
      + "Entries before it are sound. Keep a copy of the state folder as it is, and find out who could write to it."
  }
}
