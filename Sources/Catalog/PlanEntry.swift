public import Units

/// How a hairline is drawn.
public enum PlanStyle: String, CaseIterable, Hashable, Sendable {
  case soft
  case defined
}

/// The sessions of a treatment, in their order: the first lays the ground, the second gives it shape, later ones correct.
public enum PlanStage: String, CaseIterable, Hashable, Sendable {
  case foundation
  case definition
  case refinement
}

/// A treatment over several sessions.
public struct PlanEntry: Hashable, Sendable {
  public var id: String
  /// The client's code.
  public var client: String
  public var style: PlanStyle
  /// Days before the same zone is worked again without a reason, 7 to 365.
  public var minimumIntervalDays: Int
  public var createdBy: String
  public var createdAt: WallTime
  public var zones: [PlanZone]
  /// Closed sessions that made dots.
  public var sessionsDone: Int

  /// The stage that comes next: after the second session everything is refinement.
  public var nextStage: PlanStage {
    PlanStage.allCases[min(sessionsDone, PlanStage.allCases.count - 1)]
  }

  public func zone(_ name: String) -> PlanZone? { zones.first { $0.name == name } }
}

/// A zone of a plan.
public struct PlanZone: Hashable, Sendable {
  public var name: String
  /// `scar`, `thinning`, separated by commas.
  public var attributes: String
  public var area: SquareMillimetres
  public var targets: [PlanTarget]
  /// Dots made under this plan so far, uncertain ones at their upper bound.
  public var dots: Int64

  public func target(_ stage: PlanStage) -> PlanTarget? { targets.first { $0.stage == stage } }

  /// Dots per cm² made under this plan so far, rounded down.
  public var density: Int64 { area > .zero ? dots * 100 / Int64(area.count) : 0 }
}

/// What a stage aims at in a zone.
public struct PlanTarget: Hashable, Sendable {
  public var stage: PlanStage
  /// Dots per cm² to be placed in this stage.
  public var density: UInt32
  /// Shade of the pigment, as on its label.
  public var shade: String

  public init(stage: PlanStage, density: UInt32, shade: String) {
    self.stage = stage
    self.density = density
    self.shade = shade
  }
}
