import ArgumentParser
import ControlInterface
import Varlink

struct SelfTestVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Tests inputs, outputs and both safe-torque-off channels. The needle does not move.")
  static let deed = "pass the self-test"

  /// A step takes a fraction of a second; a daemon that is silent for this long is not testing.
  private static let longestStep = Duration.seconds(30)
  private static let stepWidth = 28

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let progress = Progress(console, isWanted: !common.json)
    let last = try await connected { connection in
      var last: Device.SelfTest.Reply?
      for try await reply in Device.Client(connection).selfTest(timeout: Self.longestStep) {
        progress.end()
        show(reply, on: console)
        progress.show(reply.stepsDone, of: reply.stepsTotal, Words.of(reply.step))
        last = reply
      }
      progress.end()
      return last
    }
    guard last?.outcome == .passed else {
      throw Trouble(
        status: .verificationFailed, headline: "the self-test failed: the machine cannot be armed",
        advice: [
          "Check the step that failed, then run stipplectl selftest again. See also stipplectl fault list."
        ])
    }
    if !common.json { console.print(console.paint("Self-test passed.", .green)) }
  }

  private func show(_ reply: Device.SelfTest.Reply, on console: Console) {
    guard !common.json else { return console.print(JSONWriter.text(reply.json)) }
    let mark = reply.isPassed ? console.paint("passed", .green) : console.paint("FAILED", .red)
    let step = TextWidth.padded(Words.of(reply.step), to: Self.stepWidth)
    let indent = "passed".count + 2 + Self.stepWidth + 2
    let detail = TextWidth.hanging(TextWidth.harmless(reply.detail), at: indent, width: console.width)
    console.print("\(mark)  \(step)  \(detail)")
  }
}
