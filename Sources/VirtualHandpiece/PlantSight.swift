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
  public var depthStop: Micrometres
  public var isOneShotHigh: Bool
  /// Needle past the nose, outward, ever; and excursions finished, ever.
  public var strokesMade: Int
  public var strokesFinished: Int
  /// The excursion that finished last.
  public var lastStroke: StrokeTruth?
}

extension Plant {
  /// Mutating only so that nothing is copied: a getter that is not copies the plant it reads (20 kB).
  public var sight: PlantSight { mutating get { handpiece.sight } }
}

extension Handpiece {
  var sight: PlantSight {
    mutating get {
      PlantSight(
        now: now, inputs: inputs, isTorqueOn: torque, torqueOnSince: truth.torqueOnSince,
        isNeedleHome: (isRotary ? cam.zone : needle.zone) == .home, needleOutSince: truth.stroke?.leftHome,
        depthStop: depth, isOneShotHigh: oneShot.output, strokesMade: truth.strokesMade,
        strokesFinished: truth.strokes.total, lastStroke: truth.lastStroke)
    }
  }
}
