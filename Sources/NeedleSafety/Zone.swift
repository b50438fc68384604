/// A region of the scalp, as a technician names it.
public enum Zone: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case hairline, leftTemple, rightTemple, frontal, mid, crown, sides, nape

  /// The raw value, for comparisons in the loop: a derived `==` is generic in debug builds.
  public var bit: UInt8 { @_noLocks get { rawValue } }

  /// The name in profiles, on the socket and in records.
  public var name: String {
    switch self {
    case .hairline: "hairline"
    case .leftTemple: "left-temple"
    case .rightTemple: "right-temple"
    case .frontal: "frontal"
    case .mid: "mid"
    case .crown: "crown"
    case .sides: "sides"
    case .nape: "nape"
    }
  }

  /// The zone with that name, `nil` if there is none.
  public init?(name: String) {
    guard let zone = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = zone
  }
}

/// What is special about the skin or the hair of a zone.
public struct ZoneAttributes: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Scar tissue: takes pigment badly, and the deeper depth group applies.
  public static let scar = ZoneAttributes(rawValue: 1)
  /// Pigment is placed between existing hair.
  public static let thinning = ZoneAttributes(rawValue: 2)

  public var names: [String] {
    (contains(.scar) ? ["scar"] : []) + (contains(.thinning) ? ["thinning"] : [])
  }

  /// `nil` names the attribute that does not exist.
  public init?(names: [String]) {
    var attributes: ZoneAttributes = []
    for name in names {
      switch name {
      case "scar": attributes.insert(.scar)
      case "thinning": attributes.insert(.thinning)
      default: return nil
      }
    }
    self = attributes
  }
}

/// Which depth ceiling binds: thin skin, thick or scarred skin, or no skin at all.
public enum DepthGroup: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Hairline, temples, frontal, sides, nape.
  case shallow
  /// Mid, crown, and any zone marked as scar.
  case deep
  /// A bench session: no client.
  case bench

  public init(zone: Zone, attributes: ZoneAttributes) {
    self =
      switch zone {
      case .mid, .crown: .deep
      case .hairline, .leftTemple, .rightTemple, .frontal, .sides, .nape:
        attributes.contains(.scar) ? .deep : .shallow
      }
  }
}
