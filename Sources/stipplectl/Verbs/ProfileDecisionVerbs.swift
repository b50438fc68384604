import ArgumentParser
import ControlInterface
import Varlink

struct ProfileConfirmVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Keeps the change that is tried out.",
    discussion: "Whoever proposed it may keep it, from any terminal.")
  static let deed = "keep the change"

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The change, as profile set --later and profile list name it; the one there is when left out.")
  var ticket: String?

  func run(on console: Console) async throws {
    let reply = try await connected { connection in
      let ticket = try await PendingTicket(given: ticket, deed: Self.deed).find(connection)
      return try await Profiles.Client(connection).confirm(.init(ticket: ticket))
    }
    answer(reply, on: console) {
      let profile = reply.profile
      return "\(console.paint("Kept:", .green)) \(profile.name) is version \(profile.version)"
        + "\(profile.isActive ? ", in use" : "")."
    }
  }
}

struct ProfileRejectVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Takes the change that is tried out back at once.",
    discussion: "Any technician may: what comes back was confirmed.")
  static let deed = "take the change back"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The change; the one there is when left out.") var ticket: String?

  func run(on console: Console) async throws {
    let reply = try await connected { connection in
      let ticket = try await PendingTicket(given: ticket, deed: Self.deed).find(connection)
      return try await Profiles.Client(connection).reject(.init(ticket: ticket))
    }
    answer(reply, on: console) {
      "Taken back: \(reply.profile.name) is version \(reply.profile.version) again."
    }
  }
}

/// The change that is meant: the one named, else the one there is.
private struct PendingTicket {
  var given: String?
  var deed: String

  func find(_ connection: VarlinkConnection) async throws -> String {
    if let given, given.contains(":") { return given }
    let proposal = try await Profiles.Client(connection).list().proposal
    guard let proposal, given == nil || given == proposal.name else {
      let what = given.map { " of \($0)" } ?? ""
      throw Trouble(
        status: .notFound, headline: "cannot \(deed): no change\(what) is tried out",
        advice: ["What became of it: stipplectl profile history \(given ?? "NAME")."])
    }
    return proposal.ticket
  }
}
