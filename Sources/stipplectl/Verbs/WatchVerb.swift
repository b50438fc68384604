import ArgumentParser
import ControlInterface
import Varlink

struct WatchVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Shows the machine live.",
    discussion: """
      On a terminal: a full screen, where s or the space bar stops the needle and q leaves. Elsewhere: one line per change.
      """)
  static let deed = "watch the machine"

  @OptionGroup var common: CommonOptions
  @Flag(help: "Lines, also on a terminal.") var lines = false

  func run(on console: Console) async throws {
    if console.outputIsTerminal && console.inputIsTerminal && !common.json && !lines {
      try await WatchScreen(console: console, socket: common.socketPath).run()
    } else {
      try await printLines(console)
    }
  }

  private func printLines(_ console: Console) async throws {
    try await connected { connection in
      var line = WatchLine(clock: console.clock)
      for try await reply in Device.Client(connection).watch() {
        if common.json {
          console.print(JSONWriter.text(reply.json))
        } else {
          for text in line.lines(for: reply.status, missed: reply.missed) { console.print(text) }
        }
      }
    }
    throw Trouble(
      status: .notConnected, headline: "cannot watch the machine any longer: stippled ended the stream",
      advice: ["It may be restarting: see stipplectl status."])
  }
}
