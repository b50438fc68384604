import ArgumentParser
import ControlInterface
import Units
import Varlink

struct SessionZoneVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "zone", abstract: "Says which zone is worked on from now.",
    discussion: """
      Zones: hairline, left-temple, right-temple, frontal, mid, crown, sides, nape. Area and
      attributes are the plan's; without a plan a zone needs its area the first time: area × dots/cm² is how many dots it may
      get in this session. A zone worked less than 14 days ago takes a --reason, one worked less than 7 days ago an --override
      by a service engineer; both are kept in the audit.
      """)
  static let deed = "set the zone"
  static let zones = [
    "hairline", "left-temple", "right-temple", "frontal", "mid", "crown", "sides", "nape",
  ]

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The zone.",
    completion: .list(Self.zones))
  var zone: String
  @Option(help: ArgumentHelp("Its area, such as '12 cm²' or 1200mm2.", valueName: "area")) var area: String?
  @Flag(help: "The skin is scarred.") var scar = false
  @Flag(help: "Pigment goes between existing hair.") var thinning = false

  @Option(help: ArgumentHelp("Why it is worked again so soon. No names.", valueName: "text")) var reason:
    String?
  @Option(
    help: ArgumentHelp(
      "Why it is worked again within 7 days; service engineers only. No names.", valueName: "text"))
  var override: String?

  func run(on console: Console) async throws {
    let area = try area.map { try Entry.area($0, of: "--area") }
    let attributes: [Sessions.ZoneAttribute] = (scar ? [.scar] : []) + (thinning ? [.thinning] : [])
    let parameters = Sessions.SetZone.Parameters(
      zone: zone, attributes: attributes.isEmpty ? nil : attributes, areaMm2: area.map { Int($0.count) },
      reason: reason, overrideReason: override)
    let reply = try await connected { try await Sessions.Client($0).setZone(parameters) }
    answer(reply, on: console) { WarningText.under(text(reply.zone), reply.warnings, console.paint) }
  }

  private func text(_ zone: Sessions.Zone) -> String {
    let attributes =
      zone.attributes.isEmpty ? "" : " (\(zone.attributes.map(\.rawValue).joined(separator: ", ")))"
    let budget =
      zone.dotsLimit.map { "\(Figures.count(zone.dots)) of \(Figures.count($0)) dots so far" }
      ?? "\(Figures.count(zone.dots)) dots so far"
    let aim = zone.targetPerCm2.map { " The plan aims at \($0) dots per cm²." } ?? ""
    return "Zone \(zone.name)\(attributes), \(Figures.area(zone.areaMm2)): \(budget).\(aim)"
  }
}
