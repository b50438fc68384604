import StrokeControl
import Units

/// What is asked, and what the answers mean.
extension VESCController {
  @_noLocks func nextQuestion(at now: Instant) -> VESCQuestion? {
    switch phase {
    case .waiting(let until): return now < until ? nil : .firmware
    case .asking(let step):
      if needsFence { return .firmware }
      switch step {
      case 0: return .values
      case 1: return .app
      case 2: return .motor
      case 3: return .limits
      case 4: return .setLimits
      default: return .verifyLimits
      }
    case .supervising:
      if needsFence { return .firmware }
      if case .none = pending {} else { return .clearance }
      if inspects { return .inspect }
      return now < nextCycle ? nil : .values
    }
  }

  var questionDeadline: Instant {
    @_noLocks get {
      switch phase {
      case .waiting(let until): return until
      case .asking: return .boot
      case .supervising:
        if needsFence || inspects { return .boot }
        if case .none = pending { return nextCycle }
        return .boot
      }
    }
  }

  /// The payload of a question.
  @_noLocks func payload(of question: VESCQuestion) -> VESCPayload {
    if case .setLimits = question { return limits.request }
    return VESCPayload(question.command)
  }

  @_noLocks mutating func asked(_ question: VESCQuestion, at now: Instant) {
    if case .values = question {
      nextCycle = now + pace.readingPeriod
      coversWrite = !mustWrite
    }
  }

  /// Takes an answer of the right command; `false` for one that is too short or says what no controller can say.
  @_noLocks mutating func accept(_ question: VESCQuestion, _ payload: VESCPayload, at now: Instant) -> Bool {
    switch question {
    case .firmware: return identified(payload, at: now)
    case .values:
      guard let values = VESCValues(payload) else { return false }
      if case .asking = phase { return found(values, at: now) }
      measured(values, at: now)
    case .app: return judgeApp(payload, at: now)
    case .motor: return judgeMotor(payload, at: now)
    case .limits: return chooseLimits(payload, at: now)
    case .setLimits: phase = .asking(step: 5)
    case .verifyLimits:
      guard let held = VESCLimits(payload) else { return false }
      if held.bounds(as: limits) {
        becomeVerified(at: now)
      } else {
        refuse(because: DriveTrouble(.limits), at: now)
      }
    case .inspect, .clearance:
      guard let held = VESCLimits(payload) else { return false }
      guard held.bounds(as: limits) else {
        restarted(at: now)
        return true
      }
      if case .inspect = question {
        inspects = false
      } else {
        set(pending)
        pending = .none
      }
    }
    return true
  }

  // MARK: Coming up

  @_noLocks private mutating func identified(_ payload: VESCPayload, at now: Instant) -> Bool {
    guard payload.count >= 3 else { return false }
    guard let version = VESCFirmware.version(payload[1], payload[2]) else {
      refuse(
        because: DriveTrouble(.firmware, figure: Int32(payload[1]) * 100 + Int32(payload[2])), at: now)
      feedback.link = .identifying
      return true
    }
    firmware = version
    needsFence = false
    if case .waiting = phase {
      phase = .asking(step: 0)
      feedback.link = .identifying
      lastHeard = now
    }
    return true
  }

  /// The first reading: who it is that turns, and whether it does. Then it is let go.
  @_noLocks private mutating func found(_ values: VESCValues, at now: Instant) -> Bool {
    guard values.controller == number else {
      refuse(because: DriveTrouble(.stranger, figure: Int32(values.controller)), at: now)
      return true
    }
    if isMoving(values) {
      statistics.foundMoving &+= 1
      reject(DriveTrouble(.moving))
      feedback.foundMoving = true
    }
    set(.released)
    phase = .asking(step: 1)
    feedback.link = .configuring
    return true
  }

  /// Electrical revolutions that no motor at rest shows: ten in a second of a depth axis's motor, those of a cam at 1 Hz.
  @_noLocks private func isMoving(_ values: VESCValues) -> Bool {
    guard case .needle(let scale, _) = axis else { return values.rpm > 600 || values.rpm < -600 }
    return scale.rate(at: values.rpm) >= Self.standstill
  }

  @_noLocks private mutating func judgeApp(_ payload: VESCPayload, at now: Instant) -> Bool {
    guard payload.count >= 14, let firmware else { return false }
    guard payload.word(at: 1) == firmware.appSignature else {
      refuse(because: DriveTrouble(.settingsLayout), at: now)
      return true
    }
    guard payload[5] == number else {
      refuse(because: DriveTrouble(.stranger, figure: Int32(payload[5])), at: now)
      return true
    }
    let timeout = payload.word(at: 6)
    let milliseconds = Int64(timeout)
    if milliseconds == 0 || milliseconds > timing.lease.inMilliseconds {
      refuse(
        because: DriveTrouble(
          timeout == 0 ? .timeoutOff : .timeoutTooLong,
          figure: Int32(truncatingIfNeeded: timeout > 1_000_000 ? 1_000_000 : timeout)),
        at: now)
    } else if milliseconds < (timing.pollingPeriod * 3).inMilliseconds {
      refuse(
        because: DriveTrouble(.timeoutTooShort, figure: Int32(truncatingIfNeeded: timeout)), at: now)
    } else {
      phase = .asking(step: 2)
    }
    return true
  }

  @_noLocks private mutating func judgeMotor(_ payload: VESCPayload, at now: Instant) -> Bool {
    guard payload.count >= 13, let firmware else { return false }
    guard payload.word(at: 1) == firmware.motorSignature else {
      refuse(because: DriveTrouble(.settingsLayout), at: now)
      return true
    }
    let current = payload.number(at: 9)
    // Neither not-a-number nor infinity is within these.
    guard current > 0.001 && current < 10_000 else {
      refuse(because: DriveTrouble(.current), at: now)
      return true
    }
    settingsCurrent = current
    phase = .asking(step: 3)
    return true
  }

  /// What it holds with our bounds in place of its own.
  @_noLocks private mutating func chooseLimits(_ payload: VESCPayload, at now: Instant) -> Bool {
    guard var wanted = VESCLimits(payload) else { return false }
    let scale = Float(maximumCurrent.count) / 1_000 / settingsCurrent
    wanted.drivingScale = scale < 1 ? scale : 1
    wanted.brakingScale = wanted.drivingScale
    if case .needle(let needle, _) = axis {
      guard Int32(wanted.poles) == polePairs * 2 else {
        refuse(because: DriveTrouble(.poles, figure: Int32(wanted.poles)), at: now)
        return true
      }
      let speed = needle.speed(of: needle.maximumRate)
      wanted.highestRPM = Float(Int32(speed > 1_000_000 ? 1_000_000 : speed))
      wanted.lowestRPM = 0 - wanted.highestRPM
    }
    limits = wanted
    phase = .asking(step: 4)
    return true
  }

  @_noLocks private mutating func becomeVerified(at now: Instant) {
    phase = .supervising
    feedback.trouble = .none
    statistics.connections &+= 1
    feedback.link = .verified
    feedback.limitsVerified = true
    feedback.lossOfLinkVerified = true
    cycleNumber = 0
    inspects = false
    nextCycle = now
    nextRenewal = now
    lastHeard = now
  }

  /// The controller is not what the machine needs; it is asked again after a pause.
  @_noLocks private mutating func refuse(because trouble: DriveTrouble, at now: Instant) {
    goDown(trouble, at: now)
    feedback.rejected = true
    feedback.link = .configuring
  }

  @_noLocks private mutating func reject(_ trouble: DriveTrouble) {
    feedback.rejected = true
    feedback.trouble = trouble
  }

  /// The controller restarted or lost our limits: everything is set and proved again.
  @_noLocks mutating func restarted(at now: Instant) {
    statistics.resets &+= 1
    goDown(DriveTrouble(.restarted), at: now)
    feedback.rejected = true
    feedback.link = .identifying
    phase = .waiting(until: now)
  }

  // MARK: Supervising

  @_noLocks private mutating func measured(_ values: VESCValues, at now: Instant) {
    if let before = tachometer, values.tachometer &- before < 0 {
      restarted(at: now)
      return
    }
    tachometer = values.tachometer
    if values.fault != 0 {
      statistics.driverErrors &+= 1
      statistics.lastFault = values.fault
      reject(DriveTrouble(.driverError, figure: Int32(values.fault)))
    }
    if values.hasTimedOut, coversWrite, !standsReleased {
      // It let the motor go by itself: what it was told no longer holds.
      statistics.expiries &+= 1
      reject(DriveTrouble(.expired))
      feedback.commandedRate = nil
      feedback.commandedDepth = nil
      set(.released)
    }
    let current = Int64(values.motorCurrent) * 10
    let size = current < 0 ? 0 - current : current
    feedback.current = Milliamperes(Int32(size > 1_000_000 ? 1_000_000 : size))
    feedback.temperature = Decicelsius(Int32(values.transistorTemperature))
    switch axis {
    case .needle(let scale, _):
      feedback.rate = scale.rate(at: values.rpm)
      feedback.rateAt = now
    case .depth(let scale): guard take(scale.depth(at: values.angle), scale, at: now) else { return }
    }
    confirm(at: now)
    cycleNumber &+= 1
    inspects = cycleNumber % 8 == 0
  }

  private var standsReleased: Bool {
    @_noLocks get {
      switch setpoint {
      case .none, .released: return true
      case .brake, .rate, .depth: return false
      }
    }
  }

  /// Takes a depth; `false` when it is to be read again before it is believed.
  @_noLocks
  private mutating func take(_ depth: Micrometres, _ scale: VESCDepthScale, at now: Instant) -> Bool {
    if let before = feedback.depth, !doubting,
      !scale.isPlausible(from: before, to: depth, in: now - feedback.depthAt)
    {
      statistics.doubted &+= 1
      doubting = true
      needsFence = true
      nextCycle = .boot
      return false
    }
    doubting = false
    feedback.depth = depth
    feedback.depthAt = now
    if isReferencing, coversWrite {
      isReferencing = false
      feedback.referenced = true
    }
    return true
  }

  /// What was written has been carried out as far as the controller's report shows; where it does not, it is written again,
  /// motions behind another look at the limits.
  @_noLocks private mutating func confirm(at now: Instant) {
    guard coversWrite, !mustWrite else { return }
    isConfirmed = true
    switch setpoint {
    case .none: isFollowed = true
    case .released:
      if stands { settle() }
    case .brake:
      feedback.commandedRate = .zero
      if stands { settle() }
    case .rate(let rate):
      feedback.commandedRate = rate
      rateBound = rate
      let measured = feedback.rate ?? .zero
      let off = measured.count > rate.count ? measured.count - rate.count : rate.count - measured.count
      if off <= rate.count / 10 { isFollowed = true }
      repeatUnlessFollowed(at: now)
    case .depth(let depth):
      feedback.commandedDepth = depth
      if case .depth(let scale) = axis, let measured = feedback.depth,
        (measured - depth).magnitude <= scale.tolerance
      {
        isFollowed = true
      }
      repeatUnlessFollowed(at: now)
    }
  }

  /// The motor stands after a release or a brake.
  @_noLocks private mutating func settle() {
    isFollowed = true
    rateBound = .zero
  }

  private var stands: Bool {
    @_noLocks get {
      guard case .needle = axis, let rate = feedback.rate else { return true }
      return rate < Self.standstill
    }
  }

  /// Five polling periods are enough for a report to begin to follow; a motion that was lost is written again.
  @_noLocks private mutating func repeatUnlessFollowed(at now: Instant) {
    guard !isFollowed, now - writtenAt >= timing.pollingPeriod * 5, case .none = pending else { return }
    statistics.repeated &+= 1
    pending = setpoint
  }
}
