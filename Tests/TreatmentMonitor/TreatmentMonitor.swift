public import Units

/// Judges a treatment from outside: what the plant did, what the pins say, what the loop claims. It shares no code and no
/// figure with the controller; its limits are written out again in ``MonitorLimits`` from the product's table.
///
/// Call ``observe(_:state:)`` at the end of every turn of the loop, after the turn's reports.
public struct TreatmentMonitor: Sendable {
  public let limits: MonitorLimits
  /// What the treatment's own profile makes of the table.
  public var work = MonitorWork()
  /// What is broken in the plant at present, and excuses it.
  public var excuses = MonitorExcuses()
  public private(set) var breaches: [MonitorBreach] = []
  public internal(set) var observations = 0

  var now = Instant.boot
  var previous: Instant?
  /// The longest the loop slept while the excursion under way lasted.
  var longestGapInStroke = Nanoseconds.zero
  var guardOpenSince: Instant?
  var stopIsPending = false
  var turnsAtThisInstant = 0
  var stopSince: Instant?
  var strokesJudged = 0
  var previousLeftHome: Instant?
  var outReported = false

  // Claims of the loop.
  var state = ClaimedState.standby
  var latched: Set<String> = []
  var lastFaultAt = Instant.boot
  var reported = 0
  var unreportedSince: Instant?
  var lastSequence: UInt64?
  var durable: UInt64 = 0
  var eventsLost = false

  // The foot.
  var presses = 0
  var pressOfLastRun = 0
  var pressesWhenArmed = 0
  var strokesInRun: Int32 = 0

  public init(_ limits: MonitorLimits = MonitorLimits()) { self.limits = limits }

  mutating func breach(_ rule: MonitorRule, _ detail: String) {
    guard breaches.count < 20 else { return }
    breaches.append(MonitorBreach(rule: rule, at: now, detail: detail))
  }

  // MARK: What a person did

  public mutating func footWentDown() { presses += 1 }

  /// Before the turn that takes it in.
  public mutating func stopWasAsked() { stopIsPending = true }

  public mutating func sessionBegan() {
    lastSequence = nil
    durable = 0
  }

  public mutating func durableGranted(through: UInt64) { if through > durable { durable = through } }

  // MARK: What the loop claims

  public mutating func report(state: ClaimedState) {
    if state == .armed, self.state == .arming { pressesWhenArmed = presses }
    self.state = state
  }

  public mutating func reportFault(_ name: String, at instant: Instant) {
    latched.insert(name)
    lastFaultAt = lastFaultAt.later(of: instant)
  }

  public mutating func reportCleared(_ name: String) { latched.remove(name) }

  public mutating func reportRunStarted() {
    strokesInRun = 0
    if presses == pressOfLastRun, !excuses.pedal {
      breach(.freshPress, "a run began with press \(presses), which had started one already")
    }
    if presses == pressesWhenArmed, !excuses.pedal {
      breach(.freshPress, "a run began with press \(presses), which came before the machine was armed")
    }
    pressOfLastRun = presses
  }

  public mutating func reportStroke(sequence: UInt64, timeOut: Nanoseconds?) {
    reported += 1
    strokesInRun += 1
    if let last = lastSequence, sequence != last + 1, !eventsLost {
      breach(.reportedOnce, "stroke \(sequence) was reported after stroke \(last)")
    }
    lastSequence = sequence
    if sequence > durable { breach(.durableIntent, "stroke \(sequence), durable through \(durable)") }
    if work.oneDotPerPress, strokesInRun > work.strokesPerDot {
      breach(.strokesPerDot, "\(strokesInRun) strokes on one press, \(work.strokesPerDot) wanted")
    }
  }

  public mutating func reportDot(strokes: Int32) {
    if strokes > work.strokesPerDot {
      breach(.strokesPerDot, "a dot of \(strokes) strokes, \(work.strokesPerDot) wanted")
    }
  }

  public mutating func reportLost() { eventsLost = true }
}

/// The rules of the safety page, by what they guard.
public enum MonitorRule: String, CaseIterable, Sendable {
  case torqueState, torqueReaction, timeOut, dwell, strokeRate, depth, durableIntent, reportedOnce, freshPress
  case strokesPerDot, fireState, stopReaction, faultState, progress
}

/// A broken rule, with its instant and figures.
public struct MonitorBreach: Sendable, CustomStringConvertible {
  public var rule: MonitorRule
  public var at: Instant
  public var detail: String
  public var description: String {
    "\(rule.rawValue) at \(at.sinceBoot.inMicroseconds) µs: \(detail)"
  }
}

/// The state that the loop reports, as a judge needs it.
public enum ClaimedState: Sendable {
  case booting, selfTest, standby, arming, armed, running, stopping, fault
}
