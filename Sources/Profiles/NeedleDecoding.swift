import NeedleSafety
import Units

/// What a needle profile is checked against: the machine it is to run on, and the cartridges that exist.
public struct NeedleSurroundings: Sendable {
  public let machine: MachineProfile?
  public let cartridges: [String: CartridgeProfile]
  /// Cartridges whose own profile is refused: naming one is not a misspelling.
  let refusedCartridges: Set<String>

  /// Whether a cartridge that is not among them is an error.
  let knowsCartridges: Bool

  /// Nothing known: only the absolute ceilings hold, travel takes no time and any cartridge name is taken. Enough to read a
  /// profile, not to use it.
  public static let unknown = NeedleSurroundings(
    machine: nil, cartridges: [:], refusedCartridges: [], knowsCartridges: false)

  /// With no machine, only the absolute ceilings hold and travel takes no time.
  public init(machine: MachineProfile?, cartridges: [String: CartridgeProfile]) {
    self.init(machine: machine, cartridges: cartridges, refusedCartridges: [], knowsCartridges: true)
  }

  init(
    machine: MachineProfile?, cartridges: [String: CartridgeProfile], refusedCartridges: Set<String>,
    knowsCartridges: Bool
  ) {
    self.machine = machine
    self.cartridges = cartridges
    self.refusedCartridges = refusedCartridges
    self.knowsCartridges = knowsCartridges
  }

  var machineCeilings: Ceilings { machine?.ceilings ?? .absolute }
  var source: CeilingSource { CeilingSource(outer: machine.map { "machine '\($0.name)'" }) }
}

extension NeedleProfile {
  /// Reads a needle profile strictly and holds it against every ceiling that binds it: a profile that comes back has, for each
  /// allowed cartridge and zone, a plan the envelope accepts.
  public static func decode(
    _ source: ProfileSource, in surroundings: NeedleSurroundings
  ) -> Decoded<NeedleProfile> {
    Decoded.decode(source, .needle) { section, head, log in
      let own = CeilingField.read(
        section.section("ceilings", required: false), within: surroundings.machineCeilings,
        source: surroundings.source)
      let settings = readSettings(section)
      let use = Use.read(section, surroundings: surroundings)
      guard let settings, let use else { return nil }
      let profile = NeedleProfile(
        name: head.name, summary: head.description, settings: settings, cartridges: use.cartridges,
        zones: use.zones, attributes: use.attributes, isBench: use.isBench, ceilings: own)
      NeedleCheck(profile: profile, surroundings: surroundings, section: section).run()
      return profile
    }
  }

  /// Ranges here are wide: they keep out figures with which the envelope's arithmetic means nothing. The ceilings that bind
  /// are the envelope's business.
  private static func readSettings(_ section: SectionReader) -> StrokeSettings? {
    let mode = section.word("mode", among: StrokeMode.allCases.map { ($0.name, $0) })
    let absolute = Ceilings.absolute
    let rates = Millihertz(1)...Millihertz.hertz(1_000)
    let rate = section.quantity("rate", in: rates, ceiling: absolute.strokeRate)
    let depths = Micrometres(1)...Micrometres(100_000)
    let depth = section.quantity("depth", in: depths, ceiling: absolute.depthBench)
    let dwells = Nanoseconds.zero...Nanoseconds.seconds(1)
    let dwell = section.quantity("dwell", in: dwells, ceiling: absolute.dwell)
    var strokes: Int64? = 1
    var dotRate: Millihertz? = .zero
    switch mode {
    case .dot:
      strokes = section.count("strokes_per_dot", in: 1...1_000)
      if section.text("dot_rate", expected: "a rate such as 2 Hz, or none for one dot per press") != "none" {
        dotRate = section.quantity("dot_rate", in: rates, ceiling: absolute.dotRate)
      }
    case .continuous:
      section.refuse("strokes_per_dot", because: "means nothing in mode continuous")
      section.refuse("dot_rate", because: "means nothing in mode continuous")
    case nil:
      _ = section.node("strokes_per_dot", required: false)
      _ = section.node("dot_rate", required: false)
    }
    guard let mode, let rate, let depth, let dwell, let strokes, let dotRate else { return nil }
    return StrokeSettings(
      mode: mode, rate: rate, depth: depth, dwell: dwell, strokesPerDot: Int32(clamping: strokes),
      dotRate: dotRate)
  }

  /// Where and with what the profile may be used.
  private struct Use {
    var cartridges: [String] = []
    var zones: [Zone] = []
    var attributes: ZoneAttributes = []
    var isBench = false

    static func read(_ section: SectionReader, surroundings: NeedleSurroundings) -> Use? {
      var use = Use()
      if section.has("bench") {
        guard let isBench = section.flag("bench") else {
          section.acceptRest()
          return nil
        }
        use.isBench = isBench
      } else {
        _ = section.node("bench", required: false)
      }
      let cartridges = section.words(
        "cartridges", required: !use.isBench, expected: "a list of cartridge profiles such as [1rl-025]")
      use.cartridges = names(cartridges ?? [], section, surroundings)
      if use.isBench {
        section.refuse("zones", because: "means nothing in a bench profile: a bench session has no zone")
        section.refuse("attributes", because: "means nothing in a bench profile: a bench session has no zone")
        return use
      }
      let zones = section.words("zones", expected: "a list of zones such as [hairline, frontal]")
      use.zones = (zones ?? []).compactMap { zone(named: $0, section) }
      let attributes = section.words("attributes", required: false, expected: "a list such as [scar]")
      for (name, place) in attributes ?? [] {
        guard let attribute = ZoneAttributes(names: [name]) else {
          let near = NearestWord.suggestion(for: name, in: ["scar", "thinning"])
          section.log.error(
            "'attributes': '\(name)' is not one of scar, thinning\(near)", at: place, field: "attributes")
          continue
        }
        use.attributes.insert(attribute)
      }
      return cartridges == nil || zones == nil ? nil : use
    }

    private static func zone(named word: (text: String, place: Place), _ section: SectionReader) -> Zone? {
      if let zone = Zone(name: word.text) { return zone }
      let names = Zone.allCases.map(\.name)
      let near = NearestWord.suggestion(for: word.text, in: names)
      section.log.error(
        "'zones': '\(word.text)' is not one of \(names.joined(separator: ", "))\(near)", at: word.place,
        field: "zones")
      return nil
    }

    private static func names(
      _ words: [(text: String, place: Place)], _ section: SectionReader, _ surroundings: NeedleSurroundings
    ) -> [String] {
      for (name, place) in words
      where surroundings.knowsCartridges && surroundings.cartridges[name] == nil {
        if surroundings.refusedCartridges.contains(name) {
          section.log.error(
            "'cartridges': the profile of cartridge '\(name)' is itself refused", at: place,
            field: "cartridges")
          continue
        }
        let near = NearestWord.suggestion(for: name, in: surroundings.cartridges.keys.sorted())
        section.log.error(
          "'cartridges': there is no cartridge profile '\(name)'\(near)", at: place, field: "cartridges")
      }
      return words.map(\.text)
    }
  }
}
