import ArgumentParser
import ControlInterface
import Varlink

struct SessionOpenVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Opens a session for a client, or on the bench without one.",
    discussion: """
      Clients are known by code only: no names. A bench session has no client, cartridge, pigment or zone, and lifts the
      depth ceiling; it asks for the word bench, or takes it as --bench bench.
      """)
  static let deed = "open a session"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("The client's code.", valueName: "code"), completion: Candidates.clients)
  var client: String?
  @Option(
    help: ArgumentHelp("The plan; the client's only one when left out.", valueName: "id"),
    completion: Candidates.plans)
  var plan: String?
  @Option(help: "foundation, definition or refinement; the next one in the plan when left out.")
  var stage: Sessions.Stage?
  @Option(defaultAsFlag: "", help: ArgumentHelp("Work without a client.", valueName: "word")) var bench:
    String?

  func validate() throws {
    guard (client == nil) != (bench == nil) else {
      throw ValidationError("Either --client CODE or --bench is needed.")
    }
    guard client != nil || plan == nil && stage == nil else {
      throw ValidationError("--plan and --stage go with --client.")
    }
  }

  func run(on console: Console) async throws {
    if let bench { try confirm(bench, on: console) }
    let parameters = Sessions.Open.Parameters(
      kind: bench == nil ? .client : .bench, client: client, plan: plan, stage: stage)
    let reply = try await connected { try await Sessions.Client($0).open(parameters) }
    answer(reply, on: console) {
      let session = reply.session
      let next =
        session.kind == .bench
        ? "Depth ceiling lifted: keep the needle away from skin."
        : "Next: session cartridge, session pigment, session zone, then arm."
      let whom = session.client.map { "client \($0)" } ?? "the bench"
      let stage = session.plan.map { ", plan \($0), \(session.stage?.rawValue ?? "")" } ?? ""
      return WarningText.under(
        "Session \(session.id) is open for \(whom)\(stage).\n\(next)", reply.warnings, console.paint)
    }
  }

  private func confirm(_ given: String, on console: Console) throws {
    var word = given
    if word.isEmpty {
      let question = "The bench lifts the depth ceiling: no skin near the needle. Type the word bench: "
      word = console.ask(question) ?? ""
    }
    guard word.filter({ !$0.isWhitespace }) == "bench" else {
      throw Trouble(
        status: .invalidValue, headline: "cannot open a session: the word bench was not given",
        advice: ["Nothing was changed. For a client: stipplectl session open --client CODE."])
    }
  }
}
