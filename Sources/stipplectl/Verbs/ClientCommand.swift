import ArgumentParser
import ControlInterface
import Varlink

struct ClientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client", abstract: "Clients, known by code only: no names.",
    subcommands: [ClientCreateVerb.self, ClientConsentVerb.self, ClientListVerb.self, ClientEraseVerb.self])
}

struct ClientCreateVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Registers a client, so that sessions can be opened for it.",
    discussion:
      "A code has 1 to 32 letters, digits and hyphens. Who it stands for is written in your own books.")
  static let deed = "register the client"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The code.") var code: String

  func run(on console: Console) async throws {
    let reply = try await connected { try await Clients.Client($0).create(.init(code: code)) }
    answer(reply, on: console) {
      """
      Client \(reply.client.code) is registered.
      Next: stipplectl client consent \(reply.client.code) REFERENCE, then plan create or session open.
      """
    }
  }
}

struct ClientConsentVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "consent", abstract: "Notes where the signed consent of a client is kept. No names.")
  static let deed = "record the consent"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The client's code.", completion: Candidates.clients) var code: String
  @Argument(help: "Where it is kept, such as a number in your books.") var reference: String

  func run(on console: Console) async throws {
    let reply = try await connected {
      try await Clients.Client($0).recordConsent(.init(code: code, reference: reference))
    }
    answer(reply, on: console) { "The consent of client \(reply.client.code) is recorded." }
  }
}

struct ClientListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists clients, the one seen last first.")
  static let deed = "list the clients"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("How many, at most 500.", valueName: "number")) var limit: Int?

  func run(on console: Console) async throws {
    let reply = try await connected { try await Clients.Client($0).list(.init(limit: limit)) }
    answer(reply, on: console) {
      guard !reply.clients.isEmpty else { return "No clients. Register one: stipplectl client create CODE." }
      var table = Table(
        .init(title: "Client"), .init(title: "Consent"), .init(title: "Sessions", alignment: .right),
        .init(title: "Last seen"), .init(title: "In the audit", alignment: .right))
      for client in reply.clients {
        table.add(
          client.code, client.consent ?? "none recorded", "\(client.sessions)",
          client.lastSessionAtUs.map(console.clock.date) ?? "never", "client \(client.number)")
      }
      return table.text(console.paint)
    }
  }
}

struct ClientEraseVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Forgets a client for good: code, consent and recordings.",
    discussion: """
      What was done with which batches stays in the catalog, under a code that leads to nobody, and the audit chain stays whole.
      It asks for the code again, or takes it as --confirm CODE. Service engineers only.
      """)
  static let deed = "erase the client"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The client's code.", completion: Candidates.clients) var code: String
  @Option(help: "Why, for the audit. No names.") var reason: String
  @Option(help: ArgumentHelp("The code once more, for scripts.", valueName: "code")) var confirm: String?

  func run(on console: Console) async throws {
    let question = "Recordings of client \(code) are deleted for good. Type the code again: "
    guard (confirm ?? console.ask(question) ?? "").filter({ !$0.isWhitespace }) == code else {
      throw Trouble(
        status: .invalidValue, headline: "cannot erase the client: the code was not given again",
        advice: ["Nothing was changed."])
    }
    let reply = try await connected { try await Clients.Client($0).erase(.init(code: code, reason: reason)) }
    answer(reply, on: console) { "Client \(code) is erased, and \(reply.sessions.count) recordings with it." }
  }
}
