public import Catalog
public import NeedleSafety
public import SessionLog
public import Units

/// The session at hand.
public struct SessionWork: Sendable {
  public var entry: SessionEntry
  /// The plan it goes by, as it stood when the session was opened or taken up again; `nil` without one.
  public var plan: PlanEntry?
  /// A dead process left it open and it was not resumed yet: nothing is recorded, nothing moves.
  public var isInterrupted = false
  public var zones: [ZoneWork] = []
  public var currentZone: Zone?
  public var cartridges: [CartridgeWork] = []
  public var pigments: [PigmentWork] = []
  /// The name of the needle profile in use.
  public var profile: String?
  public var faults: [FaultCode] = []
  public var uncertain: [UncertainInterval] = []
  /// When the interruption was found; `nil` for a session that was never interrupted.
  public var interruptedAt: WallTime?
  /// Strokes and dots that are in the record.
  public var strokes: UInt64 = 0
  public var dots: UInt64 = 0
  /// Sequence of the last stroke and dot that were made, or may have been: the next ones count on from here.
  var lastStroke: UInt64 = 0
  var lastDot: UInt64 = 0
  /// Running time of segments before this process, to go on from.
  var motorOnBefore = Nanoseconds.zero

  public var id: String { entry.id }
  public var isBench: Bool { entry.isBench }

  /// The zone worked on now.
  public var zone: ZoneWork? { zones.first { $0.zone == currentZone } }

  mutating func update(_ zone: Zone, _ change: (inout ZoneWork) -> Void) {
    guard let index = zones.firstIndex(where: { $0.zone == zone }) else { return }
    change(&zones[index])
  }
}

/// A zone in this session.
public struct ZoneWork: Hashable, Sendable {
  public var zone: Zone
  public var attributes: ZoneAttributes
  public var area: SquareMillimetres
  /// Dots allowed this session: the session's ceiling, or what the whole plan leaves where that is less.
  public var budget: Int64
  /// Dots per cm² that the plan's stage aims at; 0 without a target.
  public var target: UInt32 = 0
  /// Shade that the plan's stage asks for.
  public var shade: String?
  /// Dots of earlier sessions of the same plan, uncertain ones at their upper bound.
  public var planDots: Int64 = 0
  public var dots: Int64 = 0
  public var strokes: Int64 = 0
  /// Dots that may have happened before an interruption: they count.
  public var uncertainDots: Int64 = 0

  public var depthGroup: DepthGroup { DepthGroup(zone: zone, attributes: attributes) }
  /// Dots that the whole plan's ceiling leaves for this session.
  var planAllows: Int64 {
    max(0, area.dots(perSquareCentimetre: PracticeLimits.planDensity) - planDots)
  }
  var dotsRemaining: Int64 { max(0, budget - dots - uncertainDots) }
}

/// A cartridge in this session; the last one registered is in use.
public struct CartridgeWork: Hashable, Sendable {
  public var catalogID: Int64
  public var profile: String
  public var lot: String
  public var expiry: String
  public var loadedAt: WallTime
  public var strokes: UInt64 = 0
  /// Strokes it had made before this session.
  var strokesBefore: UInt64
  var life: UInt64

  var isSpent: Bool { strokesBefore + strokes >= life }
}

/// A pigment in this session; the last one registered is in use.
public struct PigmentWork: Hashable, Sendable {
  public var maker: String
  public var name: String
  public var shade: String
  public var batch: String
  public var expiry: String
  /// Percent of pigment in the mixture.
  public var dilutionPercent: Double
  public var loadedAt: WallTime
}
