import ArgumentParser
import ControlInterface
import Units
import Varlink

struct SessionZoneVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "zone", abstract: "Says which zone is worked on from now.",
    discussion: """
      Zones: hairline, left-temple, right-temple, frontal, mid, crown, sides, nape. A client's zone needs its area the first
      time: area × dots/cm² is how many dots the zone may get in this session.
      """)
  static let deed = "set the zone"

  @OptionGroup var common: CommonOptions
  @Argument(
    help: "The zone.",
    completion: .list([
      "hairline", "left-temple", "right-temple", "frontal", "mid", "crown", "sides", "nape",
    ]))
  var zone: String
  @Option(help: ArgumentHelp("Its area, such as '12 cm²' or 1200mm2.", valueName: "area")) var area: String?
  @Flag(help: "The skin is scarred.") var scar = false
  @Flag(help: "Pigment goes between existing hair.") var thinning = false

  func run(on console: Console) async throws {
    let area = try area.map { try Entry.area($0, of: "--area") }
    let attributes: [Sessions.ZoneAttribute] = (scar ? [.scar] : []) + (thinning ? [.thinning] : [])
    let parameters = Sessions.SetZone.Parameters(
      zone: zone, attributes: attributes.isEmpty ? nil : attributes, areaMm2: area.map { Int($0.count) })
    let reply = try await connected { try await Sessions.Client($0).setZone(parameters) }
    answer(reply, on: console) { text(reply.zone) }
  }

  private func text(_ zone: Sessions.Zone) -> String {
    let attributes =
      zone.attributes.isEmpty ? "" : " (\(zone.attributes.map(\.rawValue).joined(separator: ", ")))"
    let budget =
      zone.dotsLimit.map { "\(Figures.count(zone.dots)) of \(Figures.count($0)) dots so far" }
      ?? "\(Figures.count(zone.dots)) dots so far"
    return "Zone \(zone.name)\(attributes), \(Figures.area(zone.areaMm2)): \(budget)."
  }
}
