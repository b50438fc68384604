import StrokeControl
import Units

/// What replies mean.
extension TMCLLink {
  @_noLocks mutating func take(_ reply: TMCLReply, at now: Instant) {
    guard case .awaiting(let since) = flow else {
      noteStale()
      return
    }
    if reply.status == .wrongChecksum {
      // The module got our request damaged and may have got its instruction damaged too, so that byte is not compared.
      statistics.checksumErrors &+= 1
      flow = .idle
      failed(at: now)
      return
    }
    guard reply.instruction.number == outstanding.instruction.number else {
      noteStale()
      return
    }
    flow = .idle
    lastHeard = now
    noiseWhenHeard = noise
    staleWhenHeard = statistics.stale
    statistics.roundTrips &+= 1
    statistics.lastReply = now
    statistics.roundTrip = now - since
    if statistics.roundTrip > statistics.longestRoundTrip {
      statistics.longestRoundTrip = statistics.roundTrip
    }
    if case .probe = errand {
      needsFence = false
    } else {
      failures = 0
    }
    if reply.status == .success {
      accept(reply, since: since, at: now)
    } else {
      rejected(reply, requested: outstanding.value, at: now)
    }
  }

  /// Everything on the line that was no reply.
  private var noise: UInt32 { @_noLocks get { accumulator.discarded &+ statistics.checksumErrors } }

  /// What kept an answer from coming: nothing but silence, noise, or answers behind their time.
  var silence: DriveTrouble {
    @_noLocks mutating get {
      if noise != noiseWhenHeard { return DriveTrouble(.damaged) }
      return DriveTrouble(statistics.stale != staleWhenHeard ? .late : .silent)
    }
  }

  @_noLocks private mutating func accept(_ reply: TMCLReply, since: Instant, at now: Instant) {
    switch errand {
    case .probe: identified(TMCLIdentity(reply.value), at: now)
    case .speed:
      if isMoving(reply.value) {
        statistics.foundMoving &+= 1
        reject(DriveTrouble(.moving))
        feedback.foundMoving = true
      }
      phase = .configuring(step: 0)
      feedback.link = .configuring
      stopping = .first
    case .stop, .endSearch: stopped(at: now)
    case .set, .setHeartbeat: advanceConfiguration(at: now)
    case .verify(let index): verify(reply, equals: settings[index].value, at: now)
    case .startTick:
      tick = reply.value
      tickAt = since
      advanceConfiguration(at: now)
    case .verifyHeartbeat: verify(reply, equals: heartbeatMilliseconds, at: now)
    case .position: measured(reply.value, at: now)
    case .tick, .clearance:
      guard isStillCounting(reply.value, readAt: since) else {
        restarted(at: now)
        return
      }
      if case .clearance = errand {
        isCleared = true
      } else {
        advanceCycle()
      }
    case .inspect(let index):
      if reply.value != settings[index].value {
        lostSettings(reply, requested: settings[index].value, at: now)
      }
      advanceCycle()
    case .heartbeat:
      if reply.value != heartbeatMilliseconds {
        lostSettings(reply, requested: heartbeatMilliseconds, at: now)
      }
      advanceCycle()
    case .driverStatus: checkDriver(reply.value)
    case .searchStatus:
      if searching && reply.value == 0 {
        searching = false
        confirmingReference = true
        restartCycle(at: now)
      } else {
        advanceCycle()
      }
    case .startSearch: restartCycle(at: now)
    case .move(let depth):
      feedback.commandedDepth = depth
      restartCycle(at: now)
    case .spin(let rate):
      feedback.commandedRate = rate
      rateBound = rate
      restartCycle(at: now)
    case .rate, .current, .temperature: sampled(reply.value, at: now)
    }
  }

  /// A reply that no request is waiting for. Something out of order happened, so the next request waits for a fence.
  @_noLocks private mutating func noteStale() {
    statistics.stale &+= 1
    needsFence = true
  }

  @_noLocks private mutating func identified(_ found: TMCLIdentity, at now: Instant) {
    identity = found
    let blank = found.moduleNumber == 0 && module.family.numberMayBeBlank
    guard found.moduleNumber == module.family.moduleNumber || blank else {
      statistics.strangers &+= 1
      goDown(DriveTrouble(.stranger, figure: Int32(found.moduleNumber)), at: now)
      feedback.link = .identifying
      return
    }
    switch phase {
    case .waiting, .identifying:
      phase = .identifying
      feedback.link = .identifying
      failures = 0
      identifiedOnce = true
    case .configuring, .supervising: break
    }
  }

  @_noLocks private mutating func stopped(at now: Instant) {
    lastStop = now
    // A motion that was not seen to arrive ends somewhere, so where it was sent no longer tells where it is.
    if moving || searching { feedback.commandedDepth = nil }
    feedback.commandedRate = nil
    rateBound = .zero
    switch stopping {
    case .none: break
    case .first:
      stopping = searching ? .search : .none
      moving = false
    case .search:
      stopping = .second
      searching = false
      confirmingReference = false
      feedback.referenced = false
    case .second: stopping = .none
    }
  }

  @_noLocks private mutating func verify(_ reply: TMCLReply, equals value: Int32, at now: Instant) {
    guard reply.value == value else {
      statistics.mismatches &+= 1
      statistics.lastRejection = TMCLRejection(outstanding, requested: value, answer: reply)
      configurationFailed(DriveTrouble(.limits, figure: Int32(outstanding.type)), at: now)
      return
    }
    advanceConfiguration(at: now)
  }

  @_noLocks private mutating func advanceConfiguration(at now: Instant) {
    guard case .configuring(let step) = phase else { return }
    // Each setting is written and read back; then come the module's clock and, where there is one, the lease, twice too.
    let steps = 2 * settings.count + (armsHeartbeat ? 3 : 1)
    if step + 1 < steps {
      phase = .configuring(step: step + 1)
    } else {
      becomeVerified(at: now)
    }
  }

  @_noLocks private mutating func becomeVerified(at now: Instant) {
    phase = .supervising
    feedback.trouble = .none
    statistics.connections &+= 1
    feedback.link = .verified
    feedback.limitsVerified = true
    feedback.lossOfLinkVerified = armsHeartbeat
    restartCycle(at: now)
  }

  @_noLocks private mutating func rejected(_ reply: TMCLReply, requested: Int32, at now: Instant) {
    statistics.rejected &+= 1
    statistics.lastRejection = TMCLRejection(outstanding, requested: requested, answer: reply)
    let trouble = DriveTrouble(.rejected, figure: Int32(outstanding.type))
    reject(trouble)
    switch errand {
    case .probe, .speed, .set, .verify, .setHeartbeat, .verifyHeartbeat, .startTick:
      configurationFailed(trouble, at: now)
    case .stop, .endSearch: stopped(at: now)
    case .startSearch:
      searching = false
      restartCycle(at: now)
    case .move:
      moving = false
      feedback.commandedDepth = nil
      restartCycle(at: now)
    case .spin: restartCycle(at: now)
    case .clearance: dropPending()
    case .position, .rate, .current, .temperature, .tick, .inspect, .driverStatus, .heartbeat, .searchStatus:
      advanceCycle()
    }
  }

  @_noLocks private mutating func reject(_ trouble: DriveTrouble) {
    feedback.rejected = true
    feedback.trouble = trouble
  }

  /// The module does not hold what we set: it must not move, and is configured anew after a pause.
  @_noLocks private mutating func configurationFailed(_ trouble: DriveTrouble, at now: Instant) {
    goDown(trouble, at: now)
    feedback.rejected = true
    feedback.link = .configuring
  }

  @_noLocks private mutating func lostSettings(_ reply: TMCLReply, requested: Int32, at now: Instant) {
    statistics.lastRejection = TMCLRejection(outstanding, requested: requested, answer: reply)
    restarted(at: now)
  }

  /// The module restarted or lost its settings, and with them its zero: everything is set and proved again.
  @_noLocks private mutating func restarted(at now: Instant) {
    statistics.resets &+= 1
    goDown(DriveTrouble(.restarted), at: now)
    feedback.rejected = true
    feedback.link = .identifying
    phase = .identifying
    identifiedOnce = false
  }

  /// The module's clock went on as time did. A restart counts from 0; the module's clock may be a few percent off, and the
  /// reading late by a reply's time.
  @_noLocks private mutating func isStillCounting(_ value: Int32, readAt: Instant) -> Bool {
    if let tick {
      let counted = Int64(value &- tick)
      let elapsed = (readAt - tickAt).inMilliseconds
      let slack = 250 + elapsed / 16
      if counted < elapsed - slack || counted > elapsed + slack { return false }
    }
    tick = value
    tickAt = readAt
    return true
  }

  /// A needle motor's sensor may make something of a motor at rest.
  @_noLocks private func isMoving(_ speed: Int32) -> Bool {
    guard case .needle(let scale) = axis else { return speed != 0 }
    return scale.rate(at: speed) >= Self.standstill
  }

  @_noLocks private mutating func checkDriver(_ flags: Int32) {
    // Over-temperature shutdown (bit 1), short to ground of coil A or B (bits 3 and 4).
    var errors: Int32 = 0b1_1010
    if case .needle = axis { errors = TMCLServoParameters.errorFlags }
    if flags & errors != 0 {
      statistics.driverErrors &+= 1
      reject(DriveTrouble(.driverError, figure: flags & errors))
    }
    advanceCycle()
  }

  /// What a needle motor's module measures.
  @_noLocks private mutating func sampled(_ value: Int32, at now: Instant) {
    switch errand {
    case .rate:
      if case .needle(let scale) = axis {
        feedback.rate = scale.rate(at: value)
        feedback.rateAt = now
      }
    case .current:
      let size = Int64(value) < 0 ? 0 - Int64(value) : Int64(value)
      feedback.current = Milliamperes(Int32(size > 1_000_000 ? 1_000_000 : size))
    case .temperature:
      // °C; what no sensor says is held where Int32 holds its tenfold.
      let held = value > 100_000 ? 100_000 : (value < -100_000 ? -100_000 : value)
      feedback.temperature = Decicelsius(held * 10)
    default: break
    }
    advanceCycle()
  }

  /// The axis can have come here since the last reading. A search sets the counter, so nothing is implausible in one.
  @_noLocks
  private mutating func isPlausible(_ depth: Micrometres, _ scale: TMCLDepthScale, at now: Instant) -> Bool {
    guard let before = feedback.depth, !searching, !confirmingReference else { return true }
    return scale.isPlausible(from: before, to: depth, in: now - feedback.depthAt)
  }

  @_noLocks private mutating func measured(_ position: Int32, at now: Instant) {
    guard case .depth(let scale) = axis else { return advanceCycle() }
    let depth = scale.depth(at: position)
    guard isPlausible(depth, scale, at: now) || doubting else {
      // A damaged reply can pass its checksum. A real jump is still there when it is read again at once.
      statistics.doubted &+= 1
      doubting = true
      needsFence = true
      restartCycle(at: now)
      return
    }
    doubting = false
    feedback.depth = depth
    feedback.depthAt = now
    if moving && position == target { moving = false }
    if confirmingReference {
      confirmingReference = false
      let deviation = depth - scale.depthAtReference
      if deviation.magnitude <= scale.referenceTolerance {
        feedback.referenced = true
      } else {
        reject(DriveTrouble(.reference))
      }
    }
    advanceCycle()
  }
}
