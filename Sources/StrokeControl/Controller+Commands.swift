import NeedleSafety
import Units

extension Controller {
  /// Carries out one command and answers it. Arming is answered when the machine is armed, or is not going to be.
  @_noLocks mutating func execute(_ command: Command, at now: Instant, _ actuation: inout Actuation) {
    var outcome = CommandOutcome.done
    switch command.action {
    case .arm:
      guard let refusal = beginArming(command.identifier, at: now) else { return }
      outcome = refusal
    case .disarm: outcome = disarm(at: now, &actuation)
    case .selfTest: outcome = beginSelfTest()
    case .home: outcome = beginHoming(at: now, &actuation)
    case .calibrate(let order):
      guard let refusal = beginCalibrationStep(order, command.identifier, at: now, &actuation) else { return }
      outcome = refusal
    case .zero(let depth): outcome = setZero(depth)
    case .acknowledge(let code): outcome = acknowledge(code, at: now, &actuation)
    case .vouch(let conditions): vouched = conditions
    case .session(let grant): outcome = begin(grant)
    case .zone(let grant): pendingZone = grant
    case .settings(let grant): outcome = propose(grant)
    case .durable(let through): if through > durableThrough { durableThrough = through }
    case .recordFailing:
      vouched.set(.recordWritable, false)
      if case .running(var run) = lifecycle {
        run.ending = run.ending ?? .recordNotDurable
        lifecycle = .running(run)
      }
    }
    actuation.events.append(
      ControlEvent(at: now, kind: .commandDone(identifier: command.identifier, outcome: outcome)))
  }

  /// Starts to arm; returns why not, `nil` when arming is under way.
  @_noLocks private mutating func beginArming(_ identifier: UInt32, at now: Instant) -> CommandOutcome? {
    guard case .standby = lifecycle else {
      if case .fault = lifecycle { return .unmet(unmetConditions(at: now)) }
      return .wrongState(lifecycle.state)
    }
    let unmet = unmetConditions(at: now)
    guard unmet.rawValue == 0 else { return .unmet(unmet) }
    stateCause = .command
    pendingOrder = identifier
    lifecycle = .arming(.raisingTorque(since: now))
    return nil
  }

  @_noLocks private mutating func disarm(at now: Instant, _ actuation: inout Actuation) -> CommandOutcome {
    switch lifecycle {
    case .calibrating, .arming, .armed, .running:
      stateCause = .command
      stopPhaseAware(toFault: false, end: .disarm, at: now, &actuation)
      return .done
    case .standby, .stopping: return .done
    case .booting, .selfTest, .fault: return .wrongState(lifecycle.state)
    }
  }

  @_noLocks private mutating func beginSelfTest() -> CommandOutcome {
    guard case .standby = lifecycle else { return .wrongState(lifecycle.state) }
    stateCause = .command
    selfTestDue = true
    lifecycle = .booting
    return .done
  }

  @_noLocks private mutating func acknowledge(
    _ code: FaultCode, at now: Instant, _ actuation: inout Actuation
  ) -> CommandOutcome {
    guard faults.contains(code) else { return .notLatched }
    // What a stop or a stroke under way is going to show is not known yet.
    if case .stopping = lifecycle { return .wrongState(.stopping) }
    guard needleRests, causeIsGone(code, at: now) else { return .causeRemains }
    faults.clear(code)
    actuation.events.append(ControlEvent(at: now, kind: .faultCleared(code)))
    if case .fault = lifecycle, faults.isEmpty {
      stateCause = .acknowledged
      lifecycle = .standby
    }
    return .done
  }

  @_noLocks private mutating func begin(_ grant: SessionGrant) -> CommandOutcome {
    // A stroke under way belongs to the session in which it began.
    guard !lifecycle.isEngaged, needleRests else { return .wrongState(lifecycle.state) }
    nextStroke = Self.countable(grant.nextStroke)
    nextDot = Self.countable(grant.nextDot)
    motorOnUsed = grant.motorOnUsed > .zero ? grant.motorOnUsed : .zero
    durableThrough = 0
    zone = nil
    pendingZone = nil
    return .done
  }

  /// Numbers start at 1 and stay far from where counting would overflow (2⁶² strokes at 150 Hz are a thousand million years).
  @_noLocks private static func countable(_ number: UInt64) -> UInt64 {
    let most: UInt64 = 1 &<< 62
    if number < 1 { return 1 }
    return number > most ? most : number
  }

  /// Holds settings for the next stroke boundary, unless their plan breaks the envelope already.
  @_noLocks private mutating func propose(_ grant: SettingsGrant) -> CommandOutcome {
    guard parameters.drivetrain.offers(grant.settings.mode) else { return .refused(.mode) }
    guard let plan = StrokePlan(grant.settings, on: parameters.drivetrain) else {
      return .refused(.strokeRate)
    }
    let group = pendingZone?.depthGroup ?? zone?.depthGroup ?? .bench
    let envelope = Envelope(
      ceilings: Ceilings.tightest(machineCeilings, grant.ceilings), depthGroup: group,
      tolerance: parameters.tolerance)
    if let limit = envelope.breach(of: plan) ?? breachOfOneShot(plan) { return .refused(limit) }
    pendingSettings = grant
    return .done
  }
}
