public import Units

/// A zone as it is set in a session.
public struct ZoneSetting: Hashable, Sendable {
  /// `hairline`, `crown`…
  public var name: String
  /// `scar`, `thinning`, separated by commas.
  public var attributes: String
  /// 0 on the bench.
  public var area: SquareMillimetres
  /// Dots per cm² aimed at this session; 0 when not planned.
  public var targetDensity: UInt32
  /// Dots per cm² allowed this session.
  public var ceilingDensity: UInt32
  /// Dots allowed this session, where the whole plan allows fewer than the area times the ceiling.
  public var planAllows: UInt32?
  /// Why the zone is worked again so soon; empty where no reason was needed.
  public var reason: String

  public init(
    name: String, attributes: String = "", area: SquareMillimetres, targetDensity: UInt32 = 0,
    ceilingDensity: UInt32, planAllows: UInt32? = nil, reason: String = ""
  ) {
    self.planAllows = planAllows
    self.reason = reason
    self.name = name
    self.attributes = attributes
    self.area = area
    self.targetDensity = targetDensity
    self.ceilingDensity = ceilingDensity
  }

  /// Dots allowed in this zone this session, rounded down.
  public var budget: UInt32 {
    let session = UInt32(clamping: area.dots(perSquareCentimetre: Int32(clamping: ceilingDensity)))
    return min(session, planAllows ?? session)
  }
}

/// A zone of a session with what was done in it.
public struct ZoneEntry: Hashable, Sendable {
  public var id: Int64
  public var setting: ZoneSetting
  public var budget: UInt32
  public var totals: ZoneTotals
  public var setAt: WallTime

  /// Dots that count against the budget: uncertain ones at their upper bound.
  public var dotsSpent: UInt32 { totals.dots &+ totals.uncertainDots }
}

/// What was done in a zone.
public struct ZoneTotals: Hashable, Sendable {
  public var dots: UInt32
  /// Upper bound of what uncertain intervals may have made.
  public var uncertainDots: UInt32
  public var strokes: UInt64

  public init(dots: UInt32 = 0, uncertainDots: UInt32 = 0, strokes: UInt64 = 0) {
    self.dots = dots
    self.uncertainDots = uncertainDots
    self.strokes = strokes
  }
}
