import ArgumentParser
import ControlInterface

struct CalibrateSaveVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Keeps what was measured, and ends the calibration.")
  static let deed = "save the calibration"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Calibration.Client($0).save(.init()) }
    answer(reply, on: console) {
      "Saved for \(reply.saved.machine), zero at \(Figures.depth(reply.saved.zeroUm)).\n\(reply.saved.hash)"
    }
  }
}
