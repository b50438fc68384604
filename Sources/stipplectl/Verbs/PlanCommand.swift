public import ArgumentParser
public import ControlInterface
import Units
import Varlink

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Plans: a treatment over several sessions, and what each aims at.",
    subcommands: [
      PlanCreateVerb.self, PlanZoneVerb.self, PlanStageVerb.self, PlanShowVerb.self, PlanListVerb.self,
    ])
}

extension Plans.Style: ExpressibleByArgument {}
extension Plans.Stage: ExpressibleByArgument {}
extension Sessions.Stage: ExpressibleByArgument {}

extension Verb {
  /// A plan as a page, or its JSON.
  func answer(_ reply: some VarlinkStructure, plan: Plans.Plan, on console: Console) {
    answer(reply, on: console) {
      PlanText(plan: plan, paint: console.paint, width: console.width, clock: console.clock).text
    }
  }
}

struct PlanCreateVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Makes an empty plan for a client; plan zone and plan stage fill it.")
  static let deed = "make the plan"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("The client's code.", valueName: "code"), completion: Candidates.clients)
  var client: String
  @Option(help: "How the hairline is drawn: soft or defined.") var style: Plans.Style
  @Option(
    help: ArgumentHelp(
      "Days before the same zone is worked again without a reason, 7 to 365; 14 when left out.",
      valueName: "days"))
  var interval: Int?

  func run(on console: Console) async throws {
    let parameters = Plans.Create.Parameters(client: client, style: style, minIntervalDays: interval)
    let reply = try await connected { try await Plans.Client($0).create(parameters) }
    answer(reply, plan: reply.plan, on: console)
  }
}

struct PlanZoneVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "zone", abstract: "Puts a zone into a plan, or changes its area and attributes.",
    discussion: "Zones: hairline, left-temple, right-temple, frontal, mid, crown, sides, nape.")
  static let deed = "change the plan"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The plan.", completion: Candidates.plans) var plan: String
  @Argument(help: "The zone.", completion: .list(SessionZoneVerb.zones)) var zone: String
  @Option(help: ArgumentHelp("Its area, such as '12 cm²' or 1200mm2.", valueName: "area")) var area: String
  @Flag(help: "The skin is scarred.") var scar = false
  @Flag(help: "Pigment goes between existing hair.") var thinning = false

  func run(on console: Console) async throws {
    let parameters = Plans.SetZone.Parameters(
      plan: plan, zone: zone, attributes: (scar ? [.scar] : []) + (thinning ? [.thinning] : []),
      areaMm2: Int(try Entry.area(area, of: "--area").count))
    let reply = try await connected { try await Plans.Client($0).setZone(parameters) }
    answer(reply, plan: reply.plan, on: console)
  }
}

struct PlanStageVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stage", abstract: "Says what a stage aims at in a zone: dots per cm², and the shade.")
  static let deed = "change the plan"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The plan.", completion: Candidates.plans) var plan: String
  @Argument(help: "foundation, definition or refinement.") var stage: Plans.Stage
  @Argument(help: "The zone.", completion: .list(SessionZoneVerb.zones)) var zone: String
  @Option(help: ArgumentHelp("Dots per cm² to be placed in this stage.", valueName: "dots")) var target: Int
  @Option(help: "Shade of the pigment, as on its label.") var shade: String

  func run(on console: Console) async throws {
    let parameters = Plans.SetStage.Parameters(
      plan: plan, stage: stage, zone: zone, targetPerCm2: target, shade: shade)
    let reply = try await connected { try await Plans.Client($0).setStage(parameters) }
    answer(reply, plan: reply.plan, on: console)
  }
}

struct PlanShowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a plan: zones, targets, what was done so far.")
  static let deed = "show the plan"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The plan.", completion: Candidates.plans) var id: String

  func run(on console: Console) async throws {
    let reply = try await connected { try await Plans.Client($0).get(.init(id: id)) }
    answer(reply, plan: reply.plan, on: console)
  }
}

struct PlanListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists plans, the newest first.")
  static let deed = "list the plans"

  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("Only this client's.", valueName: "code"), completion: Candidates.clients)
  var client: String?
  @Option(help: ArgumentHelp("How many, at most 500.", valueName: "number")) var limit: Int?

  func run(on console: Console) async throws {
    let parameters = Plans.List.Parameters(client: client, limit: limit)
    let reply = try await connected { try await Plans.Client($0).list(parameters) }
    answer(reply, on: console) {
      guard !reply.plans.isEmpty else { return "No plans." }
      var table = Table(
        .init(title: "Plan"), .init(title: "Client"), .init(title: "Made"), .init(title: "Zones"),
        .init(title: "Sessions", alignment: .right), .init(title: "Next"))
      for plan in reply.plans {
        table.add(
          plan.id, plan.client, console.clock.date(plan.createdAtUs),
          plan.zones.map(\.name).joined(separator: ", "), "\(plan.sessionsDone)", plan.nextStage.rawValue)
      }
      return table.text(console.paint)
    }
  }
}
