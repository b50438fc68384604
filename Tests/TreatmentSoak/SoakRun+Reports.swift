import ControlLoop
import NeedleSafety
import StrokeControl
import TreatmentMonitor
import Units

// What the loop says, and who listens.
extension SoakRun {
  mutating func takeEvents() {
    if now < recorderDeafUntil {
      turnsToCatchUp = 2
      return watchStatus()
    }
    let lostBefore = tally.lostEvents
    while let event = bridge.events.pop() { take(event) }
    // What missing events would have said is told by the status; that some are missing the loop can say a turn later, when there
    // is room again.
    if turnsToCatchUp > 0 || tally.lostEvents > lostBefore { watchStatus() }
    if turnsToCatchUp > 0 { turnsToCatchUp -= 1 }
    if turnsToCatchUp == 0 { monitor.eventsAreTaken() }
  }

  /// What a screen shows while nobody takes events.
  private mutating func watchStatus() {
    let status = bridge.status.read()
    faults = Set(FaultCode.allCases.filter { status.faults.contains($0) })
    let shown = claim(status.state)
    if shown != state { stateSince = now }
    state = shown
    monitor.showed(state: shown, latched: Set(faults.map(\.name)), at: now)
  }

  private mutating func take(_ event: ControlEvent) {
    switch event.kind {
    case .state(let new, _): enter(new, at: event.at)
    case .stroke(let record):
      monitor.reportStroke(sequence: record.sequence, timeOut: record.timeOut)
      lastSequence = record.sequence
      renewIntent(after: record.sequence)
    case .dot(let record):
      tally.dots += 1
      monitor.reportDot(strokes: record.strokes)
    case .fault(let fault):
      faults.insert(fault.code)
      tally.faults[fault.code.name, default: 0] += 1
      monitor.reportFault(fault.code.name, at: event.at.later(of: now - .milliseconds(1)))
    case .faultCleared(let code):
      faults.remove(code)
      monitor.reportCleared(code.name)
    case .runStarted:
      tally.runs += 1
      monitor.reportRunStarted(at: event.at)
    case .selfTestPassed: selfTestPassed = true
    case .dropped(let count):
      tally.lostEvents += Int(count)
      monitor.reportLost(Int(count))
    case .runEnded(let end):
      if case .zoneBudget = end { isZoneSpent = true }
      tally.ends[end.name, default: 0] += 1
    case .commandDone(_, .refused), .commandDone(_, .unmet): tally.refusedOrders += 1
    case .interlocks, .settingInForce, .zoneInForce, .commandDone, .selfTestPutOff, .calibrationStroke: break
    }
  }

  private mutating func enter(_ new: LifecycleState, at instant: Instant) {
    state = claim(new)
    stateSince = now
    monitor.report(state: state, at: instant)
  }

  private func claim(_ state: LifecycleState) -> ClaimedState {
    switch state {
    case .booting: .booting
    case .selfTest: .selfTest
    case .standby: .standby
    case .calibrating: .calibrating
    case .arming: .arming
    case .armed: .armed
    case .running: .running
    case .stopping: .stopping
    case .fault: .fault
    }
  }
}
