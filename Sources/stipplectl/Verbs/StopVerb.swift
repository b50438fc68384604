import ArgumentParser
import ControlInterface
import Varlink

struct StopVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stops the needle, in any state. Anyone may.",
    discussion: "Answers within half a second, or says: press the emergency stop.")
  static let deed = "stop"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await StopCall.perform(at: common.socketPath)
    answer(reply, on: console) { "Stopped: no new stroke; torque is off once the needle is home." }
  }
}
