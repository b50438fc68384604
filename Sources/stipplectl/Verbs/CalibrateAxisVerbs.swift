import ArgumentParser
import ControlInterface
import Units

// The depth axis, in the order of a calibration: home, jog, zero.

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
