import ControlLoop
import NeedleSafety
import StrokeControl
import TreatmentMonitor
import Units
import VirtualHandpiece

// The technician, and the control plane behind him.
extension SoakRun {
  /// Every 50 ms: repairs, acknowledges, tests, arms.
  mutating func look() {
    nextLook = now + .milliseconds(50)
    renewIntent(after: lastSequence)
    let needle = bridge.status.read().needle
    if needle == .home { monitor.claimedHome(loop.machine.sight) }
    let waited = now - stateSince
    switch state {
    case .fault:
      guard waited > .milliseconds(400), isRepaired() else { return }
      stateSince = now
      for code in FaultCode.allCases where faults.contains(code) { order(.acknowledge(code)) }
      // A needle that a coast has left out keeps its faults until it is home.
      if plan.machine == .rotary, needle != .home { order(.home) }
    case .standby:
      guard waited > .milliseconds(200), isRepaired() else { return }
      stateSince = now
      forgetExcuses()
      order(.vouch(.controlPlane))
      monitor.permission(granted: true)
      order(.zone(lastZone.dotsRemaining > 0 ? lastZone : Self.freshZone))
      if plan.machine == .rotary, selfTestPassed, needle != .home { order(.home) }
      order(selfTestPassed ? .arm : .selfTest)
    case .armed:
      forgetExcuses()
      if isZoneSpent { order(.zone(Self.freshZone)) }
      isZoneSpent = false
    case .running: forgetExcuses()
    case .booting, .selfTest, .calibrating, .arming, .stopping: break
    }
  }

  /// Repairs everything; `true` 300 ms later, once.
  private mutating func isRepaired() -> Bool {
    guard let repairedAt else {
      self.repairedAt = now
      excusesEnd = now + .seconds(1)
      for action in [
        PersonAction.repair, .emergencyStop(open: false), .guardCover(open: false), .cartridge(seated: true),
      ] { loop.machine.timeline.add(.init(at: now, .person(action))) }
      return false
    }
    guard now - repairedAt > .milliseconds(300) else { return false }
    self.repairedAt = nil
    return true
  }

  private static let freshZone = ZoneGrant(zone: .hairline, depthGroup: .shallow, dotsRemaining: 1_000_000)

  /// An excuse ends a second after the plant was repaired, with nothing latched.
  private mutating func forgetExcuses() {
    guard faults.isEmpty, now >= excusesEnd else { return }
    excusesEnd = .distantFuture
    monitor.defects.formIntersection(.refusedWrites)
    disturbed = []
  }

  mutating func order(_ action: Command.Action) {
    identifier += 1
    if !bridge.send(Command(identifier: identifier, action: action)) { tally.refusedOrders += 1 }
  }

  mutating func renewIntent(after sequence: UInt64) {
    guard sequence + 250 > durable, now >= recorderHangsUntil else { return }
    durable = sequence + 500
    monitor.durableGranted(through: durable)
    order(.durable(through: durable))
  }
}
