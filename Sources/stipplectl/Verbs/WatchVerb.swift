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
    let pulse = Task { await tellOfSilence(console) }
    defer { pulse.cancel() }
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

  /// On the error output, so that the lines stay states.
  private func tellOfSilence(_ console: Console) async {
    var wasAlive = true
    await Pulse(socket: common.socketPath).feel { isAlive in
      defer { wasAlive = isAlive }
      guard isAlive != wasAlive else { return }
      let seconds = Pulse.silenceLimit.components.seconds
      console.complain(
        isAlive
          ? "stippled answers again."
          : "stippled has not answered for \(seconds) s: what stands above may be old. If the needle moves, press the emergency stop."
      )
    }
  }
}
