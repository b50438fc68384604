public import NeedleSafety
public import Units

/// What a judge wants to see at every step, in one small value: copying a whole ``Plant`` for a glance costs more than the
/// step does.
public struct PlantSight: Equatable, Sendable, BitwiseCopyable {
  public var now: Instant
  public var inputs: InputLevels
  public var isTorqueOn: Bool
  /// Since when, `nil` while it is off.
  public var torqueOnSince: Instant?
  public var isNeedleHome: Bool
  /// When the excursion in progress began, `nil` while the needle is home.
  public var needleOutSince: Instant?
  /// The needle beyond the nose; negative inside.
  public var protrusion: Micrometres
  public var depthStop: Micrometres
  public var isOneShotHigh: Bool
  /// Needle past the nose, outward, ever; and excursions finished, ever.
  public var strokesMade: Int
  public var strokesFinished: Int
  /// The excursion that finished last.
  public var lastStroke: StrokeTruth?
}

extension Plant {
  public var sight: PlantSight {
    PlantSight(
      now: handpiece.now, inputs: handpiece.inputs, isTorqueOn: handpiece.isTorqueOn,
      torqueOnSince: handpiece.truth.torqueOnSince, isNeedleHome: handpiece.isNeedleHome,
      needleOutSince: handpiece.truth.stroke?.leftHome, protrusion: handpiece.protrusion,
      depthStop: handpiece.depthStop, isOneShotHigh: handpiece.isOneShotHigh,
      strokesMade: handpiece.truth.strokesMade, strokesFinished: handpiece.truth.strokes.total,
      lastStroke: handpiece.truth.strokes.newest)
  }
}
