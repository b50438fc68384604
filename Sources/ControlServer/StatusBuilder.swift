import Catalog
import ControlInterface
import ControlLoop
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
import Treatment
import Units

/// Puts the loop's snapshot and the desk's knowledge into the words of the socket.
struct StatusBuilder {
  let desk: Desk
  let clock: TreatmentClock

  func build() async -> Device.Status {
    let status = desk.status
    let session = await desk.session
    let latched = await desk.faults
    let profile = await desk.profileInUse
    return Device.Status(
      state: state(status.state), needle: needle(status.needle), faults: faults(status, latched),
      interlocks: interlocks(status, profile), profile: profile.map(active), zone: zone(session),
      session: session.map(summary), strokes: Int(clamping: session?.strokes ?? 0),
      dots: Int(clamping: session?.dots ?? 0), rateHz: measuredRate(status), depthUm: measuredDepth(status),
      dwellUs: measuredDwell(status), limits: limits(inForce(status), group(status)),
      temperatures: Device.Temperatures(motorCaseC: status.drive.temperature?.celsius, driveC: nil),
      drive: drive(status.drive, desk.bridge.statistics.read().drive), lease: lease(status),
      timing: timing(desk.bridge.statistics.read(), status),
      uncertain: uncertain(session), atUs: clock.wall().microseconds)
  }

  func state(_ state: LifecycleState) -> Device.State { Device.State(rawValue: state.name) ?? .fault }

  private func needle(_ needle: NeedleState) -> Device.Needle {
    Device.Needle(rawValue: needle.name) ?? .unproved
  }

  private func faults(_ status: ControllerStatus, _ latched: [FaultCode: Desk.LatchedFault]) -> [Device.Fault]
  {
    FaultCode.allCases.filter { status.faults.contains($0) }.map { code in
      Device.Fault(
        code: code.name, priority: Device.Priority(rawValue: code.priority.name) ?? .high,
        message: code.explanation,
        sinceUs: latched[code]?.firstSeenAt.microseconds ?? clock.wall().microseconds,
        evidence: latched[code]?.fault.evidence ?? [], isPresent: status.faultsPresent & code.bit != 0)
    }
  }

  private func interlocks(_ status: ControllerStatus, _ inUse: ShelvedProfile?) -> [Device.Interlock] {
    ArmCondition.allCases.map { condition in
      let isMet = !status.unmet.has(condition)
      return Device.Interlock(
        name: condition.name, isSatisfied: isMet, hint: isMet ? nil : remedy(condition, inUse))
    }
  }

  /// What to do about a condition; of a change that is tried out, which one it is.
  func remedy(_ condition: ArmCondition, _ inUse: ShelvedProfile?) -> String {
    guard condition == .profile, let inUse, !inUse.isConfirmed else { return condition.remedy }
    return
      "\(inUse.version.title) is tried out and not confirmed: keep it (stipplectl profile confirm) or take it back (stipplectl profile reject)"
  }

  private func active(_ shelved: ShelvedProfile) -> Device.ActiveProfile {
    let settings = shelved.profile.settings
    return Device.ActiveProfile(
      name: shelved.name, mode: settings.mode == .dot ? .dot : .continuous, rateHz: settings.rate.hertz,
      depthUm: Int(settings.depth.count), dwellUs: desk.machine.dwell(of: settings).microseconds,
      version: Int(shelved.version.number), isConfirmed: shelved.isConfirmed)
  }

  private func zone(_ session: SessionWork?) -> Device.CurrentZone? {
    guard let session, let zone = session.zone else { return nil }
    return Device.CurrentZone(
      name: zone.zone.name, attributes: zone.attributes.names, areaMm2: Int(zone.area.count),
      dots: Int(zone.dots + zone.uncertainDots), dotsLimit: session.isBench ? nil : Int(zone.budget))
  }

  private func summary(_ session: SessionWork) -> Device.CurrentSession {
    Device.CurrentSession(
      id: session.id, kind: session.isBench ? .bench : .client, client: session.entry.client,
      openedAtUs: session.entry.openedAt.microseconds,
      cartridge: session.cartridges.last.map { "\($0.profile) \($0.lot)" },
      pigment: session.pigments.last.map { "\($0.name) \($0.shade) \($0.batch)" })
  }

  private func uncertain(_ session: SessionWork?) -> Device.UncertainInterval? {
    guard let session, let interval = session.uncertain.last else { return nil }
    return Device.UncertainInterval(
      session: session.id, firstStroke: Int(clamping: interval.firstStroke),
      lastStroke: Int(clamping: interval.lastStroke),
      sinceUs: session.interruptedAt?.microseconds ?? session.entry.openedAt.microseconds)
  }

  // Measured figures are shown while strokes are made; at rest there is nothing to measure.
  private func isMoving(_ status: ControllerStatus) -> Bool { status.state == .running }

  private func measuredRate(_ status: ControllerStatus) -> Double? {
    guard isMoving(status), let period = status.lastStroke?.period, period > .zero else { return nil }
    return Millihertz(period: period).hertz
  }

  private func measuredDepth(_ status: ControllerStatus) -> Int? {
    guard isMoving(status) else { return nil }
    return status.lastStroke?.measuredDepth.map { Int($0.count) }
  }

  private func measuredDwell(_ status: ControllerStatus) -> Int? {
    guard isMoving(status) else { return nil }
    return status.lastStroke?.timeOut?.microseconds
  }

  private func lease(_ status: ControllerStatus) -> Device.Lease {
    let isGranted = [.arming, .armed, .running, .stopping].contains(status.state)
    return Device.Lease(
      lengthUs: desk.machine.timing.lease.microseconds,
      ageUs: isGranted ? max(0, (clock.now() - status.at).microseconds) : nil)
  }

  private func inForce(_ status: ControllerStatus) -> Ceilings {
    let machine = Ceilings.tightest(.absolute, desk.machine.ceilings)
    return status.settings.map { Ceilings.tightest(machine, $0.ceilings) } ?? machine
  }

  private func group(_ status: ControllerStatus) -> DepthGroup { status.zone?.depthGroup ?? .shallow }

  func limits(_ ceilings: Ceilings, _ group: DepthGroup) -> Device.Limits {
    Device.Limits(
      rateHz: ceilings.strokeRate.hertz, depthUm: Int(ceilings.depth(in: group).count),
      dwellUs: ceilings.dwell.microseconds, dwellPercent: Int(ceilings.dwellPercentOfPeriod),
      offTimeUs: ceilings.minimumOffTime.microseconds, strokesPerDot: Int(ceilings.strokesPerDot),
      dotDurationUs: ceilings.dotDuration.microseconds, dotRateHz: ceilings.dotRate.hertz,
      stallUs: ceilings.stall.microseconds, runMs: ceilings.continuousRun.milliseconds,
      dutyPercent: Int(ceilings.dutyPercent), motorOnMs: ceilings.motorOnPerSession.milliseconds,
      dotsPerCm2: Int(ceilings.dotsPerSquareCentimetre), currentMa: Int(ceilings.currentContinuous.count),
      peakCurrentMa: Int(ceilings.currentPeak.count),
      peakDurationUs: ceilings.currentPeakDuration.microseconds,
      motorCaseC: ceilings.motorCase.celsius, leaseUs: ceilings.lease.microseconds)
  }

  private func drive(_ feedback: DriveFeedback, _ figures: DriveLinkFigures) -> Device.DriveLine {
    let hasTrouble = feedback.trouble != .none
    return Device.DriveLine(
      state: Device.DriveLine.State(rawValue: feedback.link.name) ?? .down,
      trouble: hasTrouble ? feedback.trouble.name : nil,
      explanation: hasTrouble ? feedback.trouble.explanation : nil, replies: Int(figures.replies),
      timeouts: Int(figures.timeouts), checksumErrors: Int(figures.checksumErrors), stale: Int(figures.stale),
      rejected: Int(figures.rejected), resets: Int(figures.resets), connections: Int(figures.connections),
      losses: Int(figures.losses), discardedBytes: Int(figures.discardedBytes),
      lastReplyAgeUs: figures.lastReply.map { max(0, (clock.now() - $0).microseconds) },
      longestRoundTripUs: figures.longestRoundTrip.microseconds)
  }

  func timing(_ statistics: LoopStatistics, _ status: ControllerStatus) -> Device.TimingSummary {
    let hasWakes = statistics.timedWakes > 0
    return Device.TimingSummary(
      wakes: Int(clamping: statistics.timedWakes), misses: Int(status.misses),
      p50Us: statistics.quantile(0.5)?.microseconds, p99Us: statistics.quantile(0.99)?.microseconds,
      p999Us: statistics.quantile(0.999)?.microseconds,
      maxUs: hasWakes ? statistics.worst.microseconds : nil,
      eventsDropped: Int(clamping: statistics.droppedEvents))
  }
}
