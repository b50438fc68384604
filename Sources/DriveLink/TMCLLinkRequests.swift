public import StrokeControl
public import Units

/// What is sent, and when.
extension TMCLLink {
  /// The next bytes for the line, `nil` when nothing is due. The loop calls it until it returns `nil`: at most two frames
  /// per wake, the second only when a stop overtakes a request just sent.
  ///
  /// If the loop itself was silent for longer than the lease, the first frame is a stop: a lease is never renewed first.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    noteLapse(at: now)
    checkSilence(at: now)
    switch flow {
    case .awaiting(let since):
      if stopIsWaiting && now >= since + Self.stopPatience {
        statistics.preempted &+= 1
        needsFence = true
      } else if now >= since + parameters.replyTimeout {
        timedOut(at: now)
        return !isStopping ? nil : send(nextStop, at: now)
      } else {
        return nil
      }
    case .draining(let until, _, _):
      // A stop does not wait for a quiet line: no other instruction's reply can be taken for its own.
      if !isStopping {
        if now < until { return nil }
        flow = .idle
      }
    case .idle: break
    }
    guard let errand = nextErrand(at: now) else { return nil }
    return send(errand, at: now)
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
    case .position:
      // From one reading of the position to the next, not catching up after a delay.
      nextCycle = now + parameters.pollingPeriod
    default: break
    }
    return outstanding.frame.bytes
  }

  /// A wake after a gap longer than the lease stops first.
  @_noLocks private mutating func noteLapse(at now: Instant) {
    if let lastServed, now - lastServed > parameters.lease {
      switch phase {
      case .waiting: break
      case .identifying, .configuring, .supervising:
        statistics.lapses &+= 1
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
      if now >= lastHeard + parameters.lease { goDown(at: now) }
    }
  }

  @_noLocks private mutating func timedOut(at now: Instant) {
    switch phase {
    case .waiting: break
    case .identifying, .configuring, .supervising: statistics.timeouts &+= 1
    }
    drain(quiet: parameters.replyTimeout, at: now)
    accumulator.removeAll()
    failed(at: now)
    countErrors()
  }

  /// Waits for a quiet line, for four times the quiet at most.
  @_noLocks mutating func drain(quiet: Nanoseconds, at now: Instant) {
    flow = .draining(until: now + quiet, limit: now + quiet * 4, quiet: quiet)
  }

  /// A round trip failed. What it was for is still wanted, so it is sent again once the fence is passed.
  @_noLocks mutating func failed(at now: Instant) {
    needsFence = true
    switch errand {
    case .startSearch: if !isStopping { pending = .search }
    case .move(let depth):
      if !isStopping, case .none = pending { pending = .move(depth) }
    default: break
    }
    switch phase {
    case .waiting: goDown(at: now)
    case .identifying, .configuring, .supervising:
      failures += 1
      if failures > parameters.maximumRetries { goDown(at: now) }
    }
  }

  /// Nothing is known any more, and nothing may move.
  @_noLocks mutating func goDown(at now: Instant) {
    switch phase {
    case .waiting: break
    case .identifying, .configuring: break
    case .supervising: statistics.losses &+= 1
    }
    phase = .waiting(until: now + parameters.reconnectPeriod)
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
  }

  /// A motion that was taken but will not be sent counts as rejected.
  @_noLocks mutating func dropPending() {
    switch pending {
    case .none: return
    case .search, .move:
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
      case .none: return now < nextCycle ? nil : .position
      }
    case 1: return .heartbeat
    case 2: return inspectionErrand
    case 3: return .tick
    default: return .searchStatus
    }
  }

  /// The axis limits in turn, and the driver's status once per round.
  private var inspectionErrand: TMCLErrand {
    @_noLocks get { inspection < settings.count ? .inspect(inspection) : .driverStatus }
  }
}

/// The polling cycle: the position, and last the module's clock; between them, every few cycles, the heartbeat and one limit;
/// behind them the status of a search that runs. Neighbouring requests never carry the same instruction for different
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
      let inspects = cycleNumber % Self.inspectionInterval == 0
      cycleStage = !inspects ? 3 : armsHeartbeat ? 1 : 2
    case 1: cycleStage = 2
    case 2:
      inspection = inspection < settings.count ? inspection + 1 : 0
      cycleStage = 3
    case 3: cycleStage = searching ? 4 : 0
    default: cycleStage = 0
    }
  }
}
