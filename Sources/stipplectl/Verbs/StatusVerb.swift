import ArgumentParser
import ControlInterface
import Varlink

struct StatusVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Shows what the machine is doing, and what keeps it from being armed.")
  static let deed = "tell the machine's state"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).getStatus() }
    answer(reply, on: console) {
      StatusText(status: reply.status, paint: console.paint, width: console.width, clock: console.clock).text
    }
  }
}
