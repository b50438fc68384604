public import StrokeControl
public import Units

/// What is sent, and when.
extension TMCLLink {
  /// The next bytes for the line, `nil` when nothing is due. The loop calls it until it returns `nil`: at most two frames
  /// per wake, the second only when a stop overtakes a request just sent.
  ///
  /// If the loop itself was silent for longer than the lease, the first frame is a stop: a lease is never renewed first.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    attend(at: now)
    switch flow {
    case .awaiting(let since):
      if urgentIsWaiting && now >= since + Self.stopPatience {
        giveUpReply()
      } else if now >= since + module.replyTimeout {
        timedOut(at: now)
        if isSlowing { stopping = .first }
        return !isStopping ? nil : send(nextStop, at: now)
      } else {
        return nil
      }
    case .draining(let until, _, _):
      // A stop does not wait for a quiet line: no other instruction's reply can be taken for its own. A slower rate's can, so
      // that one stops first.
      if isSlowing, case .none = stopping { stopping = .first }
      if !isStopping {
        if now < until { return nil }
        flow = .idle
      }
    case .idle: if isSlowing, needsFence, case .none = stopping { stopping = .first }
    }
    guard let errand = nextErrand(at: now) else { return nil }
    return send(errand, at: now)
  }

  /// What time alone brings, whoever has the line: a wake after a gap, and silence.
  @_noLocks mutating func attend(at now: Instant) {
    noteLapse(at: now)
    checkSilence(at: now)
  }

  /// The outstanding reply is not waited for any longer, because something must not wait.
  @_noLocks private mutating func giveUpReply() {
    statistics.preempted &+= 1
    needsFence = true
    // A rate could be answered by a reply that is not its own; a stop cannot.
    if isSlowing, case .none = stopping { stopping = .first }
  }

  /// Leaves the line to another module's urgent request; what was asked is asked again, behind a fence.
  @_noLocks mutating func yieldLine(at now: Instant) {
    if case .awaiting = flow {
      statistics.preempted &+= 1
      needsFence = true
      keepWanted()
    }
    flow = .idle
    accumulator.removeAll()
  }

  @_noLocks private mutating func send(_ errand: TMCLErrand, at now: Instant) -> SerialBytes {
    accumulator.removeAll()
    self.errand = errand
    outstanding = request(for: errand)
    flow = .awaiting(since: now)
    isCleared = false
    switch errand {
    case .startSearch:
      pending = .none
      searching = true
    case .move:
      pending = .none
      moving = true
      target = outstanding.value
      // Until the module accepts it, nobody knows which of the two depths it will go to.
      feedback.commandedDepth = nil
    case .spin(let rate):
      pending = .none
      lastSpin = now
      if rate > rateBound { rateBound = rate }
    case .position, .rate:
      // From one reading of the axis to the next, not catching up after a delay.
      nextCycle = now + pace.readingPeriod
    default: break
    }
    return outstanding.frame.bytes
  }

  /// A wake after a gap longer than the lease stops first.
  @_noLocks private mutating func noteLapse(at now: Instant) {
    if let lastServed, now - lastServed > module.lease {
      switch phase {
      case .waiting: break
      case .identifying, .configuring, .supervising:
        statistics.lapses &+= 1
        feedback.trouble = DriveTrouble(.lapse)
        dropPending()
        stopping = .first
        lastHeard = now
      }
    }
    lastServed = now
  }

  @_noLocks private mutating func checkSilence(at now: Instant) {
    switch phase {
    case .waiting: return
    case .identifying, .configuring, .supervising:
      if now >= silenceEnds { goDown(silence, at: now) }
    }
  }

  @_noLocks private mutating func timedOut(at now: Instant) {
    switch phase {
    case .waiting: break
    case .identifying, .configuring, .supervising: statistics.timeouts &+= 1
    }
    drain(quiet: module.replyTimeout, at: now)
    accumulator.removeAll()
    failed(at: now)
  }

  /// Waits for a quiet line, for four times the quiet at most.
  @_noLocks mutating func drain(quiet: Nanoseconds, at now: Instant) {
    flow = .draining(until: now + quiet, limit: now + quiet * 4, quiet: quiet)
  }

  /// A round trip failed. What it was for is still wanted, so it is sent again once the fence is passed.
  @_noLocks mutating func failed(at now: Instant) {
    needsFence = true
    keepWanted()
    switch phase {
    // A link that is down keeps its reason while it is asked again.
    case .waiting: goDown(feedback.trouble.or(silence), at: now)
    case .identifying, .configuring, .supervising:
      failures += 1
      if failures > module.maximumRetries { goDown(silence, at: now) }
    }
  }

  /// What the outstanding request was for is still wanted, unless something newer is.
  @_noLocks private mutating func keepWanted() {
    guard !isStopping, case .none = pending else { return }
    switch errand {
    case .startSearch: pending = .search
    case .move(let depth): pending = .move(depth)
    case .spin(let rate): pending = .spin(rate)
    default: break
    }
  }

  /// Nothing is known any more, and nothing may move.
  @_noLocks mutating func goDown(_ trouble: DriveTrouble, at now: Instant) {
    if case .supervising = phase { statistics.losses &+= 1 }
    feedback.trouble = trouble
    phase = .waiting(until: now + module.reconnectPeriod)
    needsFence = false
    failures = 0
    dropPending()
    searching = false
    confirmingReference = false
    moving = false
    tick = nil
    identifiedOnce = false
    feedback.link = .down
    feedback.limitsVerified = false
    feedback.lossOfLinkVerified = false
    feedback.referenced = false
    feedback.depth = nil
    feedback.commandedDepth = nil
    feedback.rate = nil
    feedback.commandedRate = nil
    feedback.current = nil
    feedback.temperature = nil
  }

  /// A motion that was taken but will not be sent counts as rejected.
  @_noLocks mutating func dropPending() {
    switch pending {
    case .none: return
    case .search, .move, .spin:
      pending = .none
      feedback.rejected = true
    }
  }

  private var nextStop: TMCLErrand {
    @_noLocks get {
      if case .search = stopping { return .endSearch }
      return .stop
    }
  }

  @_noLocks private func nextErrand(at now: Instant) -> TMCLErrand? {
    if isStopping { return nextStop }
    // On a clean line a slower rate goes first; otherwise a stop has gone before it.
    if isSlowing, !needsFence, case .supervising = phase, case .spin(let rate) = pending {
      return .spin(rate)
    }
    switch phase {
    case .waiting(let until): return now < until ? nil : .probe
    case .identifying: return identifiedOnce && !needsFence ? .speed : .probe
    case .configuring(let step): return needsFence ? .probe : configurationErrand(step)
    case .supervising: return needsFence ? .probe : supervisionErrand(at: now)
    }
  }

  @_noLocks private func configurationErrand(_ step: Int) -> TMCLErrand {
    // Write and read back alternate, so that a doubled reply to the one is never taken for the other's.
    let index = step / 2
    if index < settings.count { return step % 2 == 0 ? .set(index) : .verify(index) }
    let rest = step - 2 * settings.count
    if rest == 0 { return .startTick }
    return rest == 1 ? .setHeartbeat : .verifyHeartbeat
  }

  @_noLocks private func supervisionErrand(at now: Instant) -> TMCLErrand? {
    switch cycleStage {
    case 0:
      switch pending {
      case .search: return isCleared ? .startSearch : .clearance
      case .move(let depth): return isCleared ? .move(depth) : .clearance
      case .spin(let rate): return isCleared || isSlowing ? .spin(rate) : .clearance
      case .none: return now < nextCycle ? nil : reading
      }
    case 1: return armsHeartbeat ? .heartbeat : .tick
    case 2: return inspectionErrand
    case 3: return .tick
    case 4: return .searchStatus
    default: return sampleErrand
    }
  }

  private var reading: TMCLErrand {
    @_noLocks get {
      if case .needle = axis { return .rate }
      return .position
    }
  }

  /// The axis limits in turn, and the driver's status once per round.
  private var inspectionErrand: TMCLErrand {
    @_noLocks get { inspection < settings.count ? .inspect(inspection) : .driverStatus }
  }

  /// What a needle motor's module is asked behind its clock: the current every other time, and in between, in turn, a limit or
  /// the temperature, and the status.
  private var sampleErrand: TMCLErrand {
    @_noLocks get {
      switch cycleNumber % 8 {
      case 0, 4: return inspection < settings.count ? .inspect(inspection) : .driverStatus
      case 2: return .driverStatus
      case 6:
        if case .some = servo.temperature { return .temperature }
        return .driverStatus
      default: return .current
      }
    }
  }
}

/// The polling cycle of a depth axis: the position, and last the module's clock; between them, every few cycles, the heartbeat
/// and one limit; behind them the status of a search that runs. That of a needle motor: the speed, the clock, and one more. Neighbouring requests never carry the same instruction for different
/// parameters, so a doubled reply is never taken for the next one's.
extension TMCLLink {
  @_noLocks mutating func restartCycle(at now: Instant) {
    cycleStage = 0
    nextCycle = now
  }

  @_noLocks mutating func advanceCycle() {
    guard case .supervising = phase else { return }
    switch cycleStage {
    case 0:
      cycleNumber &+= 1
      if case .needle = axis {
        cycleStage = 3
      } else {
        cycleStage = cycleNumber % Self.inspectionInterval == 0 ? 1 : 3
      }
    case 1: cycleStage = 2
    case 2:
      noteInspection()
      cycleStage = 3
    case 3:
      if case .needle = axis {
        cycleStage = 5
      } else {
        cycleStage = searching ? 4 : 0
      }
    case 5:
      if cycleNumber % 4 == 0 { noteInspection() }
      cycleStage = 0
    default: cycleStage = 0
    }
  }

  @_noLocks private mutating func noteInspection() {
    inspection = inspection < settings.count ? inspection + 1 : 0
  }
}
