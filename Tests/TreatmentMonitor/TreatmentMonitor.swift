public import Units
public import VirtualHandpiece

/// Judges a treatment from outside: what the plant did, what the pins say, what the loop claims. It shares no code and no
/// figure with the controller; its limits are written out again in ``MonitorLimits`` from the product's table.
///
/// Call ``observe(_:state:)`` at the end of every turn of the loop, after the turn's reports.
public struct TreatmentMonitor: Sendable {
  public let limits: MonitorLimits
  /// What the treatment's own profile makes of the table.
  public var work = MonitorWork()
  /// What is broken in the plant at present; ``MonitorJudgement`` says what nobody can hold meanwhile.
  public var defects: MonitorDefects = []
  /// Writes are refused since then.
  public var writesRefusedSince: Instant? {
    didSet {
      if writesRefusedSince == nil { defects.remove(.refusedWrites) } else { defects.insert(.refusedWrites) }
    }
  }
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
  /// Of a cam: when it was home last, and the row of slow revolutions that it is in.
  var previousReturn: Instant?
  var slowRow = 0
  var slowSince: Instant?
  var outReported = false

  // Claims of the loop.
  var state = ClaimedState.standby
  var latched: Set<String> = []
  var lastFaultAt = Instant.boot
  var reported = 0
  var unreportedSince: Instant?
  var lastSequence: UInt64?
  var durable: UInt64 = 0

  /// Events that were lost, as the loop said: so many strokes may be missing before the next one.
  var lost: UInt64 = 0
  /// Nobody takes the loop's events at present: what they will say is not known yet.
  var isDeaf = false
  var stateSince = Instant.boot
  /// The control plane no longer vouches for what arming needed.
  var permissionGoneSince: Instant?

  // The foot.
  var presses = 0
  /// The newest presses, for reports that come late.
  var pressInstants: [Instant] = []
  var pressOfLastRun = 0
  var pressesWhenArmed = 0
  var strokesInRun: Int32 = 0

  public init(_ limits: MonitorLimits = MonitorLimits()) { self.limits = limits }

  mutating func breach(_ rule: MonitorRule, _ detail: String) {
    guard breaches.count < 20 else { return }
    breaches.append(MonitorBreach(rule: rule, at: now, detail: detail))
  }

  /// The same for a judgement that no defect of the present excuses.
  mutating func breach(_ judgement: MonitorJudgement, _ detail: String) {
    guard judgement.isKnowable(with: defects) else { return }
    breach(judgement.rule, detail)
  }

  // MARK: What a person did

  public mutating func footWentDown(at instant: Instant) {
    presses += 1
    pressInstants.append(instant)
    if pressInstants.count > 64 { pressInstants.removeFirst(32) }
  }

  /// Presses up to an instant.
  private func presses(at instant: Instant) -> Int { presses - pressInstants.count { $0 > instant } }

  /// Before the turn that takes it in.
  public mutating func stopWasAsked() { stopIsPending = true }

  public mutating func sessionBegan() {
    lastSequence = nil
    durable = 0
  }

  public mutating func durableGranted(through: UInt64) { if through > durable { durable = through } }

  // MARK: What the loop claims

  public mutating func report(state: ClaimedState, at instant: Instant) {
    if state == .armed, self.state == .arming { pressesWhenArmed = presses(at: instant) }
    if state != self.state { stateSince = instant }
    self.state = state
  }

  /// While nobody takes events: what the loop shows besides. The events will tell the same once more, in their order.
  public mutating func showed(state: ClaimedState, latched names: Set<String>, at instant: Instant) {
    isDeaf = true
    if state != self.state { stateSince = instant }
    self.state = state
    if !names.isSubset(of: latched) { lastFaultAt = lastFaultAt.later(of: instant) }
    latched = names
  }

  public mutating func eventsAreTaken() { isDeaf = false }

  /// The control plane vouches for everything, or for nothing.
  public mutating func permission(granted: Bool) {
    permissionGoneSince = granted ? nil : permissionGoneSince ?? now
  }

  /// The needle is claimed to be home, a moment ago at the most.
  public mutating func claimedHome(_ sight: PlantSight) {
    guard let since = sight.needleOutSince, !sight.isNeedleHome else { return }
    if sight.now - since > limits.claimAge {
      breach(
        MonitorJudgement.homeClaim, "said to be home, and out for \((sight.now - since).inMilliseconds) ms")
    }
  }

  public mutating func reportFault(_ name: String, at instant: Instant) {
    latched.insert(name)
    lastFaultAt = lastFaultAt.later(of: instant)
    // A cam is counted by its edges: where some are missing, nobody knows how many turns are.
    if limits.isRotary, name == "input_lost" { reported = .max }
  }

  public mutating func reportCleared(_ name: String) { latched.remove(name) }

  public mutating func reportRunStarted(at instant: Instant) {
    strokesInRun = 0
    let presses = presses(at: instant)
    if presses == pressOfLastRun {
      breach(MonitorJudgement.freshPress, "a run began with press \(presses), which had started one already")
    }
    if presses == pressesWhenArmed {
      breach(
        MonitorJudgement.freshPress,
        "a run began with press \(presses), which came before the machine was armed")
    }
    pressOfLastRun = presses
  }

  public mutating func reportStroke(sequence: UInt64, timeOut: Nanoseconds?) {
    if reported < .max { reported += 1 }
    strokesInRun += 1
    if let last = lastSequence, sequence <= last || sequence > last + 1 + lost {
      breach(.reportedOnce, "stroke \(sequence) was reported after stroke \(last), \(lost) events lost")
    }
    lost = 0
    lastSequence = sequence
    if sequence > durable {
      breach(
        limits.isRotary ? .durableRevolution : .durableStroke,
        "stroke \(sequence), durable through \(durable)")
    }
    if work.oneDotPerPress, strokesInRun > work.strokesPerDot {
      breach(.strokesPerDot, "\(strokesInRun) strokes on one press, \(work.strokesPerDot) wanted")
    }
  }

  public mutating func reportDot(strokes: Int32) {
    if strokes > work.strokesPerDot {
      breach(.strokesPerDot, "a dot of \(strokes) strokes, \(work.strokesPerDot) wanted")
    }
  }

  /// So many events are missing here. How many of them were strokes nobody knows; what comes next is judged as ever.
  public mutating func reportLost(_ count: Int) {
    lost += UInt64(count)
    reported = .max
  }
}

/// The rules of the safety page, by what they guard.
public enum MonitorRule: String, CaseIterable, Sendable {
  case torqueState, torqueReaction, timeOut, dwell, strokeRate, depth, durableIntent, reportedOnce, freshPress
  case strokesPerDot, fireState, stopReaction, faultState, permission, homeClaim, progress
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
  case booting, selfTest, standby, calibrating, arming, armed, running, stopping, fault
}
