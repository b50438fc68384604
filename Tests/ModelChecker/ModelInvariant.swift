/// What must hold in every state: the invariants of the design's safety page as far as the controller's own edge shows them,
/// each under a name of its own. Proof.md says where the rest is proved.
public enum ModelInvariant: UInt8, CaseIterable, Sendable {
  // Torque.
  case torqueState, selfTestPulse, interlockReaction, lapsedLease
  // A linear stroke.
  case fireState, fireNeedsTorque, fireWidth, fireNeedsHome, strokeSpacing
  // A press, a stop, an intent, on either drivetrain.
  case releaseEndsStroke, stopEndsStroke, freshPress, strokesPerPress, durableIntent, reportedOnce
  // What was measured.
  case rateFaults, dwellFaults, needleProved
  // The lifecycle.
  case faultState, armConditions, loopSleeps
  // A turning cam.
  case spinState, transitionBounded, homingBounded

  public var name: String { "\(self)" }

  var bit: UInt32 { 1 << UInt32(rawValue) }

  /// The invariant as the safety page or the tables have it.
  public var sentence: String {
    switch self {
    case .torqueState: "torque never on outside armed, running, calibrating and the self-test's pulses"
    case .selfTestPulse: "a pulse of the self-test lasts 50 ms at the most"
    case .interlockReaction: "torque never on longer than its reaction time after an interlock opens"
    case .lapsedLease: "after a silence longer than the lease neither watchdog nor torque is renewed"
    case .fireState: "FIRE is high in a run only"
    case .fireNeedsTorque: "FIRE is high only with both torque channels"
    case .fireWidth: "FIRE is high no longer than planned"
    case .fireNeedsHome: "a stroke starts only with the needle proved home and torque proved on"
    case .strokeSpacing: "no stroke starts earlier than the planned period after the one before"
    case .releaseEndsStroke: "a release ends a continuous stroke in the same step"
    case .stopEndsStroke: "a stop, an open guard or a removed cartridge ends a stroke in the same step"
    case .freshPress: "no restart without a release and a fresh press"
    case .strokesPerPress: "a press in dot mode fires the dot's strokes and no more"
    case .durableIntent: "no stroke outside a durable intent"
    case .reportedOnce: "every stroke is reported, none twice, before the next one starts"
    case .rateFaults: "measured rate never above ceiling and tolerance without a fault in the same stroke"
    case .dwellFaults: "a needle out for longer than the dwell ceiling and tolerance is a fault"
    case .needleProved: "the needle is never said to be home without the sensors' word"
    case .faultState: "a latched fault stops the machine, and the state fault has something latched"
    case .armConditions: "arming begins with every condition met"
    case .loopSleeps: "the loop sleeps, and never longer than its period"
    case .spinState: "a cam turns faster than its park rate in a run only, while pressed and permitted"
    case .transitionBounded: "a spin-up or spin-down ends within its revolutions and time, or faults"
    case .homingBounded: "bringing the needle home ends in time, or faults"
    }
  }
}

/// The verdicts on one step: which invariants had something to judge in it, and the first that is broken.
struct ModelVerdicts {
  private(set) var judged: UInt32 = 0
  private(set) var broken: (invariant: ModelInvariant, detail: String)?

  mutating func require(_ invariant: ModelInvariant, _ holds: Bool, _ detail: @autoclosure () -> String) {
    judged |= invariant.bit
    if !holds, broken == nil { broken = (invariant, detail()) }
  }
}
