import ArgumentParser
import ControlInterface
import Varlink

struct SessionListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists sessions, the newest first.")
  static let deed = "list the sessions"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("How many, at most 500.", valueName: "number")) var limit: Int?

  func run(on console: Console) async throws {
    let reply = try await connected { try await Sessions.Client($0).list(.init(limit: limit)) }
    answer(reply, on: console) {
      reply.sessions.isEmpty
        ? "No sessions." : table(reply.sessions, console.clock).text(console.paint)
    }
  }

  private func table(_ sessions: [Sessions.Summary], _ clock: WallClock) -> Table {
    var table = Table(
      .init(title: "Session"), .init(title: "Client"), .init(title: "State"), .init(title: "Opened"),
      .init(title: "Closed"), .init(title: "Dots", alignment: .right),
      .init(title: "Strokes", alignment: .right))
    for session in sessions {
      table.add(
        session.id, session.client ?? "(bench)", session.state.rawValue, clock.date(session.openedAtUs),
        session.closedAtUs.map(clock.date) ?? "", Figures.count(session.dots), Figures.count(session.strokes))
    }
    return table
  }
}

struct SessionShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a session: zones, materials, faults.")
  static let deed = "show the session"

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The session; the open or the newest one when left out.", completion: Candidates.sessions)
  var id: String?

  func run(on console: Console) async throws {
    let reply = try await connected { connection in
      let id = try await SessionChoice(given: id, deed: Self.deed).id(connection)
      return try await Sessions.Client(connection).get(.init(id: id))
    }
    answer(reply, on: console) {
      SessionText(session: reply.session, paint: console.paint, width: console.width, clock: console.clock)
        .text
    }
  }
}
