import ArgumentParser
import ControlInterface
import Varlink

struct TimingVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "timing", abstract: "Shows how late the control loop has woken, and what woke it.")
  static let deed = "show the timing"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).getTiming() }
    answer(reply, on: console) {
      TimingText(timing: reply, paint: console.paint, width: console.width, clock: console.clock).text
    }
  }
}
