import NeedleSafety
import Units

/// Proves safe torque off channel by channel: either channel alone gives no torque, both give it, and dropping either takes
/// it away. Then the watchdog's path: left unfed for its window it holds torque off though both channels are on, and fed again
/// it lets it come. Each pulse is at most the 50 ms that the self-test may take.
struct TorqueProof: Equatable, Sendable, BitwiseCopyable {
  enum Stage: UInt8, Sendable, BitwiseCopyable {
    case bothOff, onlyA, offAfterA, onlyB, offAfterB, both, withoutA, offBetween, bothAgain, withoutB
    case starving, starved, offAfterStarved, fed, offAfterFed

    /// The stage's number, as evidence of where a proof failed.
    var bit: UInt8 { @_noLocks get { rawValue } }

    /// Channel A and B, and whether the feedback has to be high.
    var channels: (a: Bool, b: Bool) {
      @_noLocks get {
        switch self {
        case .bothOff, .offAfterA, .offAfterB, .offBetween, .starving, .offAfterStarved, .offAfterFed:
          (false, false)
        case .onlyA, .withoutB: (true, false)
        case .onlyB, .withoutA: (false, true)
        case .both, .bothAgain, .starved, .fed: (true, true)
        }
      }
    }

    /// The stage after this one; `nil` when the proof is whole.
    var next: Stage? {
      @_noLocks get {
        switch self {
        case .bothOff: .onlyA
        case .onlyA: .offAfterA
        case .offAfterA: .onlyB
        case .onlyB: .offAfterB
        case .offAfterB: .both
        case .both: .withoutA
        // Channel B rests in between, so that its pulse stays within the 50 ms.
        case .withoutA: .offBetween
        case .offBetween: .bothAgain
        case .bothAgain: .withoutB
        case .withoutB: .starving
        case .starving: .starved
        case .starved: .offAfterStarved
        case .offAfterStarved: .fed
        case .fed: .offAfterFed
        case .offAfterFed: nil
        }
      }
    }
  }

  /// The stage in which the watchdog's line stands still.
  var starvesWatchdog: Bool {
    @_noLocks get {
      switch stage {
      case .starving, .starved, .offAfterStarved: true
      default: false
      }
    }
  }

  enum Verdict: Sendable, BitwiseCopyable {
    case going, proved
    /// The feedback did not do what the channels call for.
    case failed
  }

  private(set) var stage = Stage.bothOff
  private var since: Instant
  /// When the pulse under way began: a channel is on without a break since then.
  private var pulseSince: Instant

  /// Longest time in which an unfed watchdog takes torque away.
  private let watchdogWindow: Nanoseconds

  @_noLocks init(at now: Instant, watchdogWindow: Nanoseconds) {
    self.watchdogWindow = watchdogWindow
    since = now
    pulseSince = now
  }

  /// Judges the stage by the feedback and goes on to the next.
  @_noLocks mutating func advance(to now: Instant, feedback: Bool) -> Verdict {
    let elapsed = now - since
    // A stall in mid-pulse: the pulse was longer than a self-test's may be.
    if stage.channels.a || stage.channels.b, now - pulseSince > SignalTiming.torquePulse { return .failed }
    if feedback == expected {
      // A level that must not rise is watched for a while; one that has risen or fallen has shown what it had to.
      let shown = expected || isFall || elapsed >= hold
      return shown ? goOn(at: now) : .going
    }
    if !expected, !isFall { return elapsed == .zero ? .going : .failed }
    return elapsed > SignalTiming.torqueFollow ? .failed : .going
  }

  var deadline: Instant {
    @_noLocks get {
      let wait = expected || isFall ? SignalTiming.torqueFollow + Nanoseconds(1) : hold
      return since + wait
    }
  }

  /// The feedback has to be high in this stage.
  private var expected: Bool {
    @_noLocks get {
      if case .starved = stage { return false }
      return stage.channels.a && stage.channels.b
    }
  }

  /// How long the feedback is watched for a rise that must not come.
  private var hold: Nanoseconds {
    @_noLocks get {
      switch stage {
      case .starving: watchdogWindow + SignalTiming.torqueProofHold
      // As long as a rise may take: the stage after it would not tell a late one from its own.
      case .starved: SignalTiming.torqueFollow
      default: SignalTiming.torqueProofHold
      }
    }
  }

  /// Stages in which the feedback has to fall from high.
  private var isFall: Bool {
    @_noLocks get {
      switch stage {
      case .bothOff, .withoutA, .withoutB, .offAfterFed: true
      default: false
      }
    }
  }

  @_noLocks private mutating func goOn(at now: Instant) -> Verdict {
    guard let next = stage.next else { return .proved }
    let wasOff = !stage.channels.a && !stage.channels.b
    stage = next
    since = now
    if wasOff { pulseSince = now }
    return .going
  }
}
