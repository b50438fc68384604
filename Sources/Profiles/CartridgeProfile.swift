public import NeedleSafety
public import Units

/// How the needles of a cartridge stand together.
public enum NeedleConfiguration: String, CaseIterable, Sendable {
  /// Round liner: a tight round group (a single needle is a group of one).
  case roundLiner = "round-liner"
  /// Round shader: a loose round group.
  case roundShader = "round-shader"

  /// The letters on the box.
  public var letters: String {
    switch self {
    case .roundLiner: "RL"
    case .roundShader: "RS"
    }
  }
}

/// One kind of sterile, single-use needle cartridge.
public struct CartridgeProfile: Equatable, Sendable {
  public let name: String
  /// One line for a person.
  public let summary: String
  public let configuration: NeedleConfiguration
  /// Needles in the group, 1...15.
  public let needleCount: Int32
  /// Diameter of one needle.
  public let diameter: Micrometres
  /// Whether a membrane keeps fluid out of the handpiece.
  public let hasMembrane: Bool
  /// Strokes after which the cartridge is spent.
  public let strokeLife: Int64
  public let maximumRate: Millihertz
  /// Deepest protrusion beyond the nose.
  public let maximumDepth: Micrometres

  /// Count and letters, as on the box: `3RL`.
  public var code: String { "\(needleCount)\(configuration.letters)" }

  /// The ceilings, tightened by what this cartridge stands.
  public func tighten(_ ceilings: Ceilings) -> Ceilings {
    var own = ceilings
    own.strokeRate = min(own.strokeRate, maximumRate)
    own.depthShallow = min(own.depthShallow, maximumDepth)
    own.depthDeep = min(own.depthDeep, maximumDepth)
    own.depthBench = min(own.depthBench, maximumDepth)
    return own
  }
}

extension CartridgeProfile {
  /// Most strokes any cartridge may be given: ten hours at 150 Hz, more than twice the longest session.
  private static let longestLife: Int64 = 5_400_000

  /// Reads a cartridge profile strictly; see ``ProfileProblem`` for what comes back when it is refused.
  public static func decode(_ source: ProfileSource) -> Decoded<CartridgeProfile> {
    Decoded.decode(source, .cartridge) { section, head, _ in
      let configurations = NeedleConfiguration.allCases.map { ($0.rawValue, $0) }
      let configuration = section.word("configuration", among: configurations)
      let needleCount = section.count("needle_count", in: 1...15)
      let diameter = section.quantity("diameter", in: Micrometres(150)...Micrometres(500))
      let membrane = section.flag("membrane")
      let life = section.count("stroke_life", in: 1_000...longestLife)
      let absolute = Ceilings.absolute
      let rate = section.quantity("maximum_rate", in: Millihertz.hertz(1)...absolute.strokeRate)
      let depth = section.quantity("maximum_depth", in: Micrometres(1)...absolute.depthBench)
      guard let configuration, let needleCount, let diameter, let membrane, let life, let rate, let depth
      else {
        return nil
      }
      return CartridgeProfile(
        name: head.name, summary: head.description, configuration: configuration,
        needleCount: Int32(clamping: needleCount), diameter: diameter, hasMembrane: membrane,
        strokeLife: life,
        maximumRate: rate, maximumDepth: depth)
    }
  }
}
