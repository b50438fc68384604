import ArgumentParser
import ControlInterface
import Varlink

struct FaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault", abstract: "Faults: what happened, and acknowledging it once the cause is gone.",
    subcommands: [FaultListVerb.self, FaultAcknowledgeVerb.self])
}

struct FaultListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the latched faults, the most urgent first.")
  static let deed = "list the faults"

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let faults = try await connected { try await Device.Client($0).getStatus() }.status.faults
    if common.json {
      console.print(JSONWriter.text(["faults": faults.json], indent: 2))
    } else if faults.isEmpty {
      console.print("No faults.")
    } else {
      console.print(
        FaultText(faults: faults, paint: console.paint, width: console.width, clock: console.clock).text)
    }
  }
}

struct FaultAcknowledgeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "acknowledge", abstract: "Acknowledges faults whose cause is gone.",
    aliases: ["ack"])
  static let deed = "acknowledge"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The fault's code, or 'all'.", completion: Candidates.faults)
  var code = "all"

  func run(on console: Console) async throws {
    let wanted = code == "all" ? nil : code
    let reply = try await connected { try await Device.Client($0).acknowledgeFault(.init(code: wanted)) }
    answer(reply, on: console) {
      reply.acknowledged.isEmpty
        ? "No faults to acknowledge." : "Acknowledged: \(reply.acknowledged.joined(separator: ", "))."
    }
  }
}
