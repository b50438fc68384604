import NeedleSafety
import Units

// A press in force on a rotary machine: the cam spins up, turns, and is braked at home.
extension Controller {
  @_noLocks
  mutating func advanceRotaryRun(
    _ current: Run, at now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation
  ) {
    var run = current
    if cam.isDriven {
      keepTurning(&run, at: now, rotary, &actuation)
      return
    }
    guard cam.isParked else { return }
    // Parked with the needle home: a boundary, at which settings land and the depth axis may move.
    landSettings(at: now, &actuation)
    if let end = run.ending { return endRun(end, at: now, &actuation) }
    run.nextStrokeAt = run.nextStrokeAt.later(of: lastHomeAt + envelopeCeilings.minimumOffTime)
    lifecycle = .running(run)
    guard depthIsReached(at: now, &actuation), case .running = lifecycle, now >= run.nextStrokeAt else {
      return
    }
    guard levels.isHigh(.torqueFeedback) else { return }
    if let refusal = refusalOfNextRevolution(at: now, rotary, &actuation) {
      if case .running = lifecycle { endRun(refusal, at: now, &actuation) }
      return
    }
    guard let settings, let plan = StrokePlan(settings.settings, on: parameters.drivetrain) else { return }
    camPlan = plan
    cam.spin(to: settings.settings.rate, at: now)
    actuation.drive = .spin(settings.settings.rate)
    run.hasFired = true
    lifecycle = .running(run)
  }

  /// Slows the cam down for whatever ends the run or waits for the needle to stand: a revolution under way cannot be taken
  /// back, so the bounds are looked at while the next one can still be avoided, with the reserve that a spin-down needs.
  @_noLocks
  private mutating func keepTurning(
    _ run: inout Run, at now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation
  ) {
    if case .none = run.ending, !cam.isOut, let refusal = refusalOfNextRevolution(at: now, rotary, &actuation)
    {
      guard case .running = lifecycle else { return }
      run.ending = refusal
      lifecycle = .running(run)
    }
    var ends = somethingLands
    if case .some = run.ending { ends = true }
    if ends { retract(at: now, &actuation) }
  }

  /// Checks the next revolution, and the spin-down that may have to follow, against everything they need.
  @_noLocks
  private mutating func refusalOfNextRevolution(
    at now: Instant, _ rotary: RotaryGeometry, _ actuation: inout Actuation
  ) -> RunEnd? {
    let reserve = UInt64(clamping: rotary.strokesInReserve)
    guard nextStroke &+ reserve <= durableThrough else { return .recordNotDurable }
    guard let settings, let zone else { return .planRefused }
    let perDot = Int64(settings.settings.strokesPerDot)
    var strokesLeft = zone.dotsRemaining > 1 &<< 40 ? Int64.max : zone.dotsRemaining * perDot
    if let dot, strokesLeft < .max { strokesLeft += perDot - Int64(dot.strokes) }
    guard strokesLeft > Int64(rotary.strokesInReserve) else { return .zoneBudget }
    guard let plan = cam.isDriven ? camPlan : StrokePlan(settings.settings, on: parameters.drivetrain) else {
      return .planRefused
    }
    if let limit = envelope.breach(of: plan) {
      latch(.planRefused, at: now, value: Int64(limit.bit), &actuation)
      return .planRefused
    }
    guard depthStandsAs(settings.settings.depth, at: now, &actuation) else { return .planRefused }
    return cam.isParked && !levels.isHigh(.needleHome) ? .planRefused : nil
  }
}
