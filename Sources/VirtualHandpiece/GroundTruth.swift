public import Units

/// One excursion of the needle, as it was.
public struct StrokeTruth: Equatable, Sendable, BitwiseCopyable {
  /// The needle left the home sensor.
  public var leftHome: Instant
  /// It passed the nose on its way out, and on its way back. `.distantFuture` when it did not.
  public var passedNose: Instant
  public var returnedToNose: Instant
  /// It came within the bottom sensor's reach. `.distantFuture` when it did not.
  public var reachedBottom: Instant
  /// It was back at the home sensor. `.distantFuture` while it is out.
  public var reachedHome: Instant
  /// The depth stop when the needle passed the nose, and the deepest it can have gone.
  public var depth: Micrometres

  static var none: Self {
    Self(
      leftHome: .boot, passedNose: .distantFuture, returnedToNose: .distantFuture,
      reachedBottom: .distantFuture, reachedHome: .distantFuture, depth: .zero)
  }

  /// From home left to home reached: what the sensors can see. `.forever` while the needle is out.
  public var timeOut: Nanoseconds { reachedHome == .distantFuture ? .forever : reachedHome - leftHome }
  /// From the nose to the nose. Zero when the needle stayed inside.
  public var timePastNose: Nanoseconds {
    if passedNose == .distantFuture { return .zero }
    return returnedToNose == .distantFuture ? .forever : returnedToNose - passedNose
  }
}

/// One pulse at the output of the one-shot.
public struct PulseTruth: Equatable, Sendable, BitwiseCopyable {
  public var rose: Instant
  public var fell: Instant
  /// The one-shot ended it, not `FIRE`.
  public var wasCutByOneShot: Bool
  public var width: Nanoseconds { fell - rose }
}

/// One time during which torque was on.
public struct TorqueTruth: Equatable, Sendable, BitwiseCopyable {
  public var on: Instant
  public var off: Instant
}

/// What really happened, for judges: never fed back to the inputs, and not touched by any sensor fault.
public struct GroundTruth: Sendable, BitwiseCopyable {
  /// Finished excursions from the home sensor and back, whether or not they passed the nose.
  public internal(set) var strokes = TruthLog<StrokeTruth>(filledWith: .none)
  /// The newest of them once more, so that a judge who looks in every turn copies no history.
  public internal(set) var lastStroke: StrokeTruth?
  /// The excursion in progress.
  public internal(set) var stroke: StrokeTruth?
  /// How often the needle passed the nose, outward.
  public internal(set) var strokesMade = 0
  /// How often it was sent out and came back without having passed the nose.
  public internal(set) var strokesShort = 0
  public internal(set) var pulses = TruthLog<PulseTruth>(
    filledWith: PulseTruth(rose: .boot, fell: .boot, wasCutByOneShot: false))
  public internal(set) var pulsesCutByOneShot = 0
  public internal(set) var torque = TruthLog<TorqueTruth>(filledWith: TorqueTruth(on: .boot, off: .boot))
  /// Since when torque has been on, `nil` while it is off.
  public internal(set) var torqueOnSince: Instant?
  /// Of finished strokes.
  public internal(set) var worstTimeOut = Nanoseconds.zero
  public internal(set) var worstTimePastNose = Nanoseconds.zero
  public internal(set) var deepest = Micrometres.zero

  init() {}
}
