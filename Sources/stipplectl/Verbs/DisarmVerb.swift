import ArgumentParser
import ControlInterface
import Varlink

struct DisarmVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "disarm", abstract: "Takes the needle from the pedal: torque off once it is home.")
  static let deed = "disarm"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).disarm() }
    answer(reply, on: console) { "Disarmed: torque is off once the needle is home." }
  }
}
