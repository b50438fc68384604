import ArgumentParser
import ControlInterface
import Varlink

struct HomeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "home",
    abstract: "Brings the needle of a rotary machine home that an emergency stop has left out.",
    discussion: "Keep the handpiece away from skin. Faults stay latched until they are acknowledged.")
  static let deed = "bring the needle home"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Device.Client($0).home(.init()) }
    answer(reply, on: console) { "The needle is home.\nNext: stipplectl fault acknowledge." }
  }
}
