import ArgumentParser
import ControlInterface
import Units
import Varlink

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Calibrates the depth axis and proves the one-shot. Service engineers only.",
    discussion: """
      In order: home, jog until the needle is flush with the nose, zero, measure, save. Nothing outlives the bench's limits, and left
      alone for two minutes the machine drops torque.
      """,
    subcommands: [
      CalibrateHomeVerb.self, CalibrateJogVerb.self, CalibrateZeroVerb.self, CalibrateMeasureVerb.self,
      CalibrateSaveVerb.self, CalibrateShowVerb.self,
    ])
}

struct CalibrateHomeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "home", abstract: "Begins: torque on, needle home, depth axis at its zero.")
  static let deed = "begin the calibration"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Calibration.Client($0).home(.init()) }
    answer(reply, on: console) {
      """
      Torque is on, the needle is home, the axis stands at \(Figures.depth(reply.measuredUm)).
      Next: stipplectl calibrate jog DEPTH, or calibrate measure.
      """
    }
  }
}

struct CalibrateJogVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "jog", abstract: "Sends the depth axis to a depth beyond the nose, such as 0.5mm.")
  static let deed = "move the depth axis"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The depth, with its unit.") var depth: String

  func run(on console: Console) async throws {
    let wanted = try Entry.depth(depth, of: "the depth")
    let reply = try await connected {
      try await Calibration.Client($0).jogDepth(.init(depthUm: Int(wanted.count)))
    }
    answer(reply, on: console) { "The axis stands at \(Figures.depth(reply.measuredUm))." }
  }
}

struct CalibrateZeroVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "zero", abstract: "The needle is flush with the nose where it stands: that is depth 0.")
  static let deed = "set the zero"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let reply = try await connected { try await Calibration.Client($0).setZero(.init()) }
    answer(reply, on: console) {
      "Depth 0 is \(Figures.depth(reply.zeroUm)) from the axis's own zero.\nNext: stipplectl calibrate measure."
    }
  }
}

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
