import ArgumentParser

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
