import ArgumentParser
import ControlInterface

struct CalibrateShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows the calibration in force and whether it counts.")
  static let deed = "show the calibration"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Calibration.Client($0).get(.init()) }
    answer(reply, on: console) {
      guard let saved = reply.saved else {
        return reply.isRequired
          ? "This machine was never calibrated, and does not arm until it is."
          : "This machine was never calibrated; its profile asks for none."
      }
      let verdict =
        reply.isGood ? "It counts." : "It is too old, or of another machine profile: calibrate again."
      return """
        Calibrated \(console.clock.date(saved.atUs)) by \(saved.actor), zero at \(Figures.depth(saved.zeroUm)).
        \(verdict)
        """
    }
  }
}
