import NeedleSafety
import Profiles
import Testing
import Units

/// What decoding accepts, the loop never refuses: random profiles on random machines with random cartridges.
@Suite struct EnvelopePropertyTests {
  private static let groups: [Zone] = Zone.allCases

  @Test func noAcceptedProfileHasAPlanThatTheEnvelopeRefusesAndNoneIsRefusedWithoutOne() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var accepted = 0
    var refused = 0
    for round in 0..<3_000 {
      let machine = try Self.machine(&random)
      let cartridges = try Self.cartridges(&random)
      let text = Self.needle(&random, cartridges: cartridges.keys.sorted())
      let source = ProfileSource(file: "random.yaml", text: text)
      let decoded = NeedleProfile.decode(
        source, in: NeedleSurroundings(machine: machine, cartridges: cartridges))
      let note: Comment = "seed \(seed), round \(round)\n\(text)\(decoded.problems.map(\.headline))"
      // A second reading, which knows nothing of the first one's checks, gives the settings of refused profiles too.
      let read = try #require(Self.read(text), note)
      let breaches = Self.breaches(read, machine: machine, cartridges: cartridges)
      #expect(decoded.errors.isEmpty == breaches.isEmpty, "\(note) \(breaches)")
      #expect((decoded.profile != nil) == breaches.isEmpty, note)
      if let profile = decoded.profile {
        accepted += 1
        #expect(profile.settings == read.settings, note)
        let again = NeedleProfile.decode(
          ProfileSource(file: "random.yaml", text: profile.canonicalText),
          in: NeedleSurroundings(machine: machine, cartridges: cartridges))
        #expect(again.profile == profile, note)
        #expect(again.profile?.canonicalText == profile.canonicalText, note)
      } else {
        refused += 1
        #expect(decoded.errors.allSatisfy { $0.value != nil && $0.ceiling != nil && $0.field != nil }, note)
      }
    }
    #expect(accepted > 200, "seed \(seed): \(accepted) accepted of 3000 prove little")
    #expect(refused > 200, "seed \(seed): \(refused) refused of 3000 prove little")
  }

  private struct Reading {
    var settings: StrokeSettings
    var zones: [Zone]
    var attributes: ZoneAttributes
    var isBench: Bool
  }

  /// Reads the generator's own text line by line.
  private static func read(_ text: String) -> Reading? {
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      values[parts[0]] = String(parts[1].dropFirst())
    }
    func words(_ key: String) -> [String] {
      (values[key] ?? "").split { "[], ".contains($0) }.map(String.init)
    }
    func digits(_ key: String) -> Int64? { values[key]?.split(separator: " ").first.flatMap { Int64($0) } }
    guard let rate = digits("rate"), let depth = digits("depth"), let dwell = digits("dwell"),
      let attributes = ZoneAttributes(names: words("attributes"))
    else { return nil }
    let settings = StrokeSettings(
      mode: values["mode"] == "dot" ? .dot : .continuous, rate: Millihertz(Int32(clamping: rate)),
      depth: Micrometres(Int32(clamping: depth)), dwell: Nanoseconds(dwell),
      strokesPerDot: Int32(clamping: digits("strokes_per_dot") ?? 1),
      dotRate: Millihertz(Int32(clamping: digits("dot_rate") ?? 0)))
    return Reading(
      settings: settings, zones: words("zones").compactMap { Zone(name: $0) }, attributes: attributes,
      isBench: values["bench"] == "true")
  }

  /// The limits that any combination of cartridge and zone breaks, composed here by hand.
  private static func breaches(
    _ read: Reading, machine: MachineProfile, cartridges: [String: CartridgeProfile]
  ) -> [Limit] {
    guard let plan = StrokePlan(read.settings, on: machine.drivetrain) else { return Limit.allCases }
    let groups =
      read.isBench ? [.bench] : read.zones.map { DepthGroup(zone: $0, attributes: read.attributes) }
    var breaches: [Limit] = []
    for cartridge in cartridges.values {
      var ceilings = machine.parameters.ceilings
      ceilings.strokeRate = min(ceilings.strokeRate, cartridge.maximumRate)
      ceilings.depthShallow = min(ceilings.depthShallow, cartridge.maximumDepth)
      ceilings.depthDeep = min(ceilings.depthDeep, cartridge.maximumDepth)
      ceilings.depthBench = min(ceilings.depthBench, cartridge.maximumDepth)
      for group in groups {
        let envelope = Envelope(
          ceilings: .tightest(.absolute, ceilings), depthGroup: group, tolerance: machine.tolerance)
        if let limit = envelope.breach(of: plan) { breaches.append(limit) }
      }
    }
    return breaches
  }

  private static func machine(_ random: inout SeededGenerator) throws -> MachineProfile {
    func some(_ line: String) -> String { Bool.random(using: &random) ? "  \(line)\n" : "" }
    let ceilings =
      some("stroke_rate: \(Int.random(in: 80...150, using: &random)) Hz")
      + some("depth_shallow: \(Int.random(in: 300...1_000, using: &random)) um")
      + some("depth_deep: \(Int.random(in: 300...1_350, using: &random)) um")
      + some("dwell_of_period: \(Int.random(in: 30...60, using: &random)) %")
      + some("minimum_off_time: \(Int.random(in: 0...4_000, using: &random)) us")
      + some("strokes_per_dot: \(Int.random(in: 1...25, using: &random))")
      + some("dot_duration: \(Int.random(in: 10...250, using: &random)) ms")
      + some("dot_rate: \(Int.random(in: 1...10, using: &random)) Hz")
    let section = ceilings.isEmpty ? "" : "ceilings:\n" + ceilings
    let travel = Int.random(in: 100...1_500, using: &random)
    let text = MachineText.virtual.replacing("_travel: 1 ms", with: "_travel: \(travel) us") + section
    let decoded = MachineProfile.decode(ProfileSource(file: "test.yaml", text: text))
    return try #require(decoded.profile, "\(decoded.problems.map(\.headline))")
  }

  private static func cartridges(_ random: inout SeededGenerator) throws -> [String: CartridgeProfile] {
    var cartridges: [String: CartridgeProfile] = [:]
    for name in ["a", "b", "c"].prefix(Int.random(in: 1...3, using: &random)) {
      let text = NeedleText.cartridge.replacing("1rl-025", with: name)
        .replacing("140 Hz", with: "\(Int.random(in: 60...150, using: &random)) Hz")
        .replacing("0.8 mm", with: "\(Int.random(in: 400...2_000, using: &random)) um")
      let decoded = CartridgeProfile.decode(ProfileSource(file: "\(name).yaml", text: text))
      let profile: CartridgeProfile = try #require(decoded.profile)
      cartridges[name] = profile
    }
    return cartridges
  }

  /// Values near their ceilings, in the smallest unit, so that the bounds themselves are hit.
  private static func needle(_ random: inout SeededGenerator, cartridges: [String]) -> String {
    let isBench = Int.random(in: 0..<8, using: &random) == 0
    let isDot = Bool.random(using: &random)
    let rates = [40_000, 50_000, 60_000, 70_000, 80_000, 90_000, 100_000, 120_000, 149_999, 150_000, 150_001]
    let rate = rates.randomElement(using: &random) ?? 100_000
    let depth =
      [1, 300, 500, 600, 1_000, 1_001, 1_350, 1_351, 2_000, 2_001].randomElement(using: &random) ?? 1
    let dwell = Int.random(in: 0...(Bool.random(using: &random) ? 1_000_000 : 8_000_000), using: &random)
    var text = """
      schema: 1
      profile: needle
      name: random
      description: Random
      mode: \(isDot ? "dot" : "continuous")
      rate: \(rate) mHz
      depth: \(depth) um
      dwell: \(dwell) ns
      cartridges: [\(cartridges.joined(separator: ", "))]

      """
    if isDot {
      let strokes =
        Bool.random(using: &random)
        ? Int.random(in: 1...4, using: &random) : Int.random(in: 1...30, using: &random)
      let dotRates = ["none", "1000 mHz", "2000 mHz", "5000 mHz", "9999 mHz", "10000 mHz", "10001 mHz"]
      text += "strokes_per_dot: \(strokes)\ndot_rate: \(dotRates.randomElement(using: &random) ?? "none")\n"
    }
    guard !isBench else { return text + "bench: true\n" }
    let zones = groups.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
    let names = zones.isEmpty ? ["hairline"] : zones.map(\.name)
    text += "zones: [\(names.joined(separator: ", "))]\n"
    return Int.random(in: 0..<4, using: &random) == 0 ? text + "attributes: [scar]\n" : text
  }
}
