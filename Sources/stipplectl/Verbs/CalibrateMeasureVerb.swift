import ArgumentParser
import ControlInterface
import Units
import Varlink

struct CalibrateMeasureVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measures the travel at five depths, and lets the one-shot end a stroke.")
  static let deed = "measure"

  /// One depth takes a move and three strokes: seconds.
  private static let longestStep = Duration.seconds(30)

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let progress = Progress(console, isWanted: !common.json)
    let reply = try await connected { connection -> Calibration.Measure.Reply? in
      var last: Calibration.Measure.Reply?
      for try await reply in Calibration.Client(connection).measure(timeout: Self.longestStep) {
        progress.show(reply.stepsDone, of: reply.stepsTotal, "measuring")
        last = reply
      }
      progress.end()
      return last
    }
    guard let reply, let figures = reply.figures else {
      throw Trouble(
        status: .failure, headline: "the measurement ended without figures",
        advice: ["See stipplectl status, then begin again: stipplectl calibrate home."])
    }
    answer(reply, on: console) { text(figures, console) }
  }

  private func text(_ figures: Calibration.Figures, _ console: Console) -> String {
    var table = Table(
      .init(title: "Sent to", alignment: .right), .init(title: "Stands at", alignment: .right),
      .init(title: "Way out", alignment: .right), .init(title: "Way home", alignment: .right))
    for point in figures.points {
      table.add(
        Figures.depth(point.commandedUm), Figures.depth(point.measuredUm), way(point.extendUs),
        way(point.retractUs))
    }
    var lines = [table.text(console.paint)]
    if let worst = figures.worstResidualUm { lines.append("Farthest from the line: \(Figures.depth(worst))") }
    if let oneShot = figures.oneShotUs {
      lines.append("The one-shot brought the needle home after \(way(oneShot)).")
    }
    if figures.problems.isEmpty {
      lines.append("Next: stipplectl calibrate save.")
    } else {
      lines.append("These figures cannot be saved:")
      lines += figures.problems.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  private func way(_ microseconds: Double?) -> String {
    guard let microseconds else { return "–" }
    return "\(Nanoseconds(Int64(microseconds * 1_000)))"
  }
}
