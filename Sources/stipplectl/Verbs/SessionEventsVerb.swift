import ArgumentParser
import ControlInterface
import Varlink

struct SessionEventsVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Shows what was recorded, in order.",
    discussion: "With --follow it goes on with what is recorded from now, until Ctrl-C.")
  static let deed = "show the events"

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The session; the open or the newest one when left out.", completion: Candidates.sessions)
  var id: String?
  @Flag(help: "Go on with what is recorded from now.") var follow = false
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Only this channel, such as /dot; may be given several times.", valueName: "channel"))
  var channel: [String] = []

  func run(on console: Console) async throws {
    // Somebody who follows may wait for hours; otherwise the recording is there and only has to be read.
    let timeout: Duration? = follow ? nil : .seconds(120)
    try await connected { connection in
      let id = try await SessionChoice(given: id, deed: Self.deed).id(connection)
      let parameters = Sessions.Events.Parameters(
        id: id, channels: channel.isEmpty ? nil : channel, follow: follow ? true : nil)
      for try await reply in Sessions.Client(connection).events(parameters, timeout: timeout) {
        let lines = reply.events.map { event in
          common.json ? JSONWriter.text(event.json) : EventText.line(event, console.clock)
        }
        if !lines.isEmpty { console.print(lines.joined(separator: "\n")) }
      }
    }
  }
}
