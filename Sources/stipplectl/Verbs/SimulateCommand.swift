import ArgumentParser
import ControlInterface
import Units
import Varlink

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "The hands and the misfortunes of a virtual machine.",
    subcommands: [
      SimulatePedalVerb.self, SimulateEmergencyStopVerb.self, SimulateGuardVerb.self,
      SimulateCartridgeVerb.self, SimulateInjectVerb.self,
    ])
}

struct SimulatePedalVerb: Verb {
  enum Position: String, CaseIterable, ExpressibleByArgument { case down, up }

  static let configuration = CommandConfiguration(
    commandName: "pedal", abstract: "Presses or releases the pedal.")
  static let deed = "move the pedal"

  @OptionGroup var common: CommonOptions
  @Argument(help: "down or up.") var position: Position

  func run(on console: Console) async throws {
    let reply = try await connected {
      try await Simulation.Client($0).pedal(.init(down: position == .down))
    }
    answer(reply, on: console) { "The pedal is \(position.rawValue)." }
  }
}

/// Of a loop or a cover.
enum Opening: String, CaseIterable, ExpressibleByArgument {
  case open, closed

  /// As the hand says it, too: to close.
  init?(argument: String) { self.init(rawValue: argument == "close" ? "closed" : argument) }
}

struct SimulateEmergencyStopVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "estop", abstract: "Opens (presses) or closes (releases) the emergency stop.")
  static let deed = "move the emergency stop"

  @OptionGroup var common: CommonOptions
  @Argument(help: "open or closed.") var opening: Opening

  func run(on console: Console) async throws {
    let reply = try await connected {
      try await Simulation.Client($0).emergencyStop(.init(open: opening == .open))
    }
    answer(reply, on: console) { "The emergency stop's loops are \(opening.rawValue)." }
  }
}

struct SimulateGuardVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "guard", abstract: "Opens or closes the guard.")
  static let deed = "move the guard"

  @OptionGroup var common: CommonOptions
  @Argument(help: "open or closed.") var opening: Opening

  func run(on console: Console) async throws {
    let reply = try await connected {
      try await Simulation.Client($0).guard(.init(open: opening == .open))
    }
    answer(reply, on: console) { "The guard is \(opening.rawValue)." }
  }
}

struct SimulateCartridgeVerb: Verb {
  enum Move: String, CaseIterable, ExpressibleByArgument { case insert, pull }

  static let configuration = CommandConfiguration(
    commandName: "cartridge", abstract: "Inserts or pulls the cartridge.")
  static let deed = "move the cartridge"

  @OptionGroup var common: CommonOptions
  @Argument(help: "insert or pull.") var move: Move

  func run(on console: Console) async throws {
    let reply = try await connected {
      try await Simulation.Client($0).cartridge(.init(inserted: move == .insert))
    }
    answer(reply, on: console) { move == .insert ? "The cartridge is in." : "The cartridge is out." }
  }
}

struct SimulateInjectVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "inject", abstract: "Makes something go wrong, at once or later.",
    discussion: "A name that does not exist is answered with those that do.")
  static let deed = "inject the fault"

  @OptionGroup var common: CommonOptions
  @Argument(help: "What goes wrong.") var fault: String
  @Option(help: ArgumentHelp("How long from now, such as 500ms or 2s.", valueName: "time"))
  var after: String?

  func run(on console: Console) async throws {
    let delay = try after.map { try Entry.time($0, of: "--after") }
    let reply = try await connected {
      try await Simulation.Client($0).inject(
        .init(fault: fault, afterMs: delay.map { Int($0.count / 1_000_000) }))
    }
    answer(reply, on: console) {
      delay.map { "\(fault) happens in \($0)." } ?? "\(fault) has happened."
    }
  }
}
