import StrokeControl
import Units

/// What the loop's commands come to, and what is written.
extension VESCController {
  @_noLocks mutating func request(_ command: DriveCommand, at now: Instant) {
    feedback.rejected = false
    feedback.foundMoving = false
    switch command {
    case .none: return
    case .stop: stop(at: now)
    case .spin(let rate): requestSpin(rate, at: now)
    case .reference: requestReference()
    case .moveDepth(let depth): requestMove(to: depth)
    }
  }

  /// Lets the motor go at once. Repeated at every step it is written once per polling period while the motor stands.
  @_noLocks mutating func stop(at now: Instant) {
    pending = .none
    feedback.commandedRate = nil
    feedback.commandedDepth = nil
    if case .released = setpoint, isFollowed, now - writtenAt < timing.pollingPeriod { return }
    set(.released)
  }

  @_noLocks private mutating func requestReference() {
    guard isVerified, case .depth = axis else { return refuse() }
    // An absolute encoder needs no search: a fresh reading is all.
    feedback.referenced = false
    feedback.commandedDepth = nil
    isReferencing = true
    coversWrite = false
    nextCycle = .boot
  }

  @_noLocks private mutating func requestMove(to depth: Micrometres) {
    guard isVerified, case .depth(let scale) = axis, feedback.referenced, depth >= scale.minimum,
      depth <= scale.maximum
    else { return refuse() }
    feedback.commandedDepth = nil
    pending = .depth(depth)
  }

  /// A slower rate is written at once; a faster one once the limits have been read again. A rate that cannot be given lets a cam
  /// go that may be turning.
  @_noLocks private mutating func requestSpin(_ rate: Millihertz, at now: Instant) {
    guard case .needle(let scale, _) = axis, rate >= .zero, rate <= scale.maximumRate else { return refuse() }
    guard isVerified else {
      refuse()
      if rateBound > .zero { set(.released) }
      return
    }
    if rate == .zero {
      pending = .none
      if case .brake = setpoint, now - writtenAt < timing.pollingPeriod { return }
      set(.brake)
      return
    }
    if case .rate(let last) = setpoint, case .none = pending, last == rate { return }
    if rate < rateBound {
      pending = .none
      set(.rate(rate))
    } else {
      pending = .rate(rate)
    }
  }

  @_noLocks mutating func set(_ next: VESCSetpoint) {
    setpoint = next
    mustWrite = true
    isConfirmed = false
    isFollowed = false
    coversWrite = false
  }

  /// The next command for the line that nobody answers: a setpoint that is due, or the renewal of the lease.
  @_noLocks mutating func nextWrite(at now: Instant) -> VESCPayload? {
    if mustWrite {
      mustWrite = false
      return write(at: now)
    }
    guard case .supervising = phase, now >= nextRenewal else { return nil }
    nextRenewal = now + (isFollowed ? pace.readingPeriod : timing.pollingPeriod)
    switch setpoint {
    case .released, .brake:
      if isFollowed { return VESCPayload(.alive) }
      // A command that was lost must not leave the motor running; these two cannot make one run.
      statistics.repeated &+= 1
      return write(at: now)
    case .none, .rate, .depth: return VESCPayload(.alive)
    }
  }

  @_noLocks private mutating func write(at now: Instant) -> VESCPayload {
    writtenAt = now
    nextRenewal = now + timing.pollingPeriod
    // What it does is asked next.
    nextCycle = .boot
    switch setpoint {
    case .none: return VESCPayload(.alive)
    case .released: return command(.setCurrent, 0)
    case .brake:
      guard case .needle(_, let brake) = axis else { return command(.setCurrent, 0) }
      return command(.setCurrentBrake, brake.count)
    case .rate(let rate):
      guard case .needle(let scale, _) = axis else { return command(.setCurrent, 0) }
      if rate > rateBound { rateBound = rate }
      let speed = scale.speed(of: rate)
      let held = Int32(speed > 1_000_000 ? 1_000_000 : speed)
      return command(.setRPM, scale.isReversed ? 0 - held : held)
    case .depth(let depth):
      guard case .depth(let scale) = axis else { return command(.setCurrent, 0) }
      return command(.setPosition, scale.angle(of: depth))
    }
  }

  @_noLocks private func command(_ command: VESCCommand, _ value: Int32) -> VESCPayload {
    var payload = VESCPayload(command)
    payload.append(value)
    return payload
  }

  var writeDeadline: Instant {
    @_noLocks get {
      if mustWrite { return .boot }
      if case .supervising = phase { return nextRenewal }
      return .distantFuture
    }
  }

  /// The loop slept past the lease: a stop is written before anything is renewed.
  @_noLocks mutating func lapse(at now: Instant) {
    switch phase {
    case .waiting: return
    case .asking, .supervising: break
    }
    statistics.lapses &+= 1
    dropPending()
    feedback.commandedRate = nil
    feedback.commandedDepth = nil
    set(.released)
    lastHeard = now
  }
}
