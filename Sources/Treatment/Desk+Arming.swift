import Catalog
import ControlLoop
public import NeedleSafety
import Profiles
import SessionLog
public import StrokeControl
import Units

extension Desk {
  /// Lets the pedal move the needle. Throws `.notReady` with every condition that does not hold.
  public func arm(by author: Author) async throws {
    try await changing {
      vouch()
      let state = status.state
      guard state == .standby || state == .fault else { throw TreatmentError.wrongState(state) }
      if state == .standby { try makeIntent() }
      try audit("arm", profile.map { "profile \($0.name)" } ?? "", by: author)
      // Torque, the depth axis's zero and its way to the depth take seconds, bounded by the machine profile.
      let parameters = configuration.machine.parameters
      let limit = parameters.referenceTimeout + parameters.moveTimeout + .seconds(1)
      switch try await order(.arm, within: limit) {
      case .done: return
      case .unmet(let unmet):
        recordRefusal(unmet)
        throw TreatmentError.notReady(unmet.list)
      case .wrongState(let state): throw TreatmentError.wrongState(state)
      case .causeRemains, .notLatched, .notOffered, .refused: throw TreatmentError.wrongState(status.state)
      }
    }
  }

  /// Makes durable what the first strokes need, so that no disk stands behind the pedal.
  private func makeIntent() throws {
    guard let work = session, let keeper, let profile else { return }
    if keeper.trouble != nil { keeper.retry(at: clock.now()) }
    if catalogTrouble != nil { keepTotals() }
    // Room for twice the longest run, so that a run is not what fills the disk.
    let longest = configuration.machine.ceilings.continuousRun
    let strokes = UInt64(clamping: longest.count / (profile.settings.rate.period ?? .seconds(1)).count)
    keeper.record { try $0.reserve(strokes: 2 * strokes) }
    let through = keeper.grant(
      from: work.lastStroke + 1, zone: zoneName(work), profile.settings, at: clock.now())
    if let through { line.tell(.durable(through: through)) }
    vouch()
  }

  private func recordRefusal(_ unmet: ArmConditions) {
    keeper?.record {
      try $0.append(
        StateRecord(kind: .refused, code: "arm", detail: unmet.list.map(\.name).joined(separator: " ")),
        at: clock.now())
    }
  }

  public func disarm(by author: Author) async throws {
    try await changing {
      try audit("disarm", "", by: author)
      guard case .done = try await order(.disarm) else { throw TreatmentError.wrongState(status.state) }
      try await settled()
    }
  }

  /// Keeps who stopped the machine, after the fact: nothing stands between anybody and stopping, this least of all. A stop that cannot
  /// be kept has stopped all the same.
  public func noteStop(in state: LifecycleState, by author: Author) {
    do {
      try audit("stop", "the machine was \(state.name)", by: author)
    } catch {
      note(JournalEntry(.error, "a stop by \(author.description) is not in the audit: \(error)"))
    }
  }

  /// Waits until nothing moves any more, at most two seconds: the machine's `retract_max` is a fraction of that.
  func settled() async throws {
    let until = clock.now() + .seconds(2)
    while clock.now() < until {
      tick()
      let state = status.state
      if state == .standby || state == .fault { return }
      try await Task.sleep(for: .milliseconds(2))
    }
    throw TreatmentError.wrongState(status.state)
  }

  /// Parks the needle for the end of the process. Never throws: whatever happens, the loop's last write is the safe one.
  public func park() async {
    bridge.stop()
    try? await settled()
  }

  /// Acknowledges one fault, or all. Returns the codes that cleared; throws `.causesRemain` when none did.
  public func acknowledge(_ code: FaultCode?, by author: Author) async throws -> [FaultCode] {
    try await changing {
      let wanted = code.map { [$0] } ?? FaultCode.allCases.filter { status.faults.contains($0) }
      if let code, !status.faults.contains(code) {
        throw TreatmentError.notFound(
          kind: "fault", name: code.name,
          known: FaultCode.allCases.filter { status.faults.contains($0) }.map(\.name))
      }
      try audit("acknowledge", wanted.map(\.name).joined(separator: " "), by: author)
      lastAcknowledger = author.name
      var cleared: [FaultCode] = []
      var remaining: [FaultCode] = []
      for code in wanted {
        if case .done = try await order(.acknowledge(code)) {
          cleared.append(code)
        } else {
          remaining.append(code)
        }
      }
      if cleared.isEmpty, !remaining.isEmpty { throw TreatmentError.causesRemain(remaining) }
      return cleared
    }
  }

  /// Runs the self-test. Returns when it has passed, failed or was put off.
  public func runSelfTest(by author: Author) async throws -> SelfTestResult {
    try await changing {
      try audit("selftest", "", by: author)
      selfTest = .notRun
      guard case .done = try await order(.selfTest) else { throw TreatmentError.wrongState(status.state) }
      let until = clock.now() + .seconds(2)
      while clock.now() < until {
        tick()
        if selfTest != .notRun { return selfTest }
        if status.state == .fault { return .failed }
        try await Task.sleep(for: .milliseconds(2))
      }
      throw TreatmentError.noAnswer
    }
  }

  /// Tells the loop which conditions hold, when that has changed.
  func vouch() {
    let conditions = vouchedConditions()
    guard conditions != vouched else { return }
    if line.tell(.vouch(conditions)) {
      vouched = conditions
      revision &+= 1
    }
  }

  private func vouchedConditions() -> ArmConditions {
    var met = ArmConditions(rawValue: 0)
    met.set(.realTime, configuration.hasRealTime)
    let isCalibrated = calibrationIsGood
    met.set(.calibration, isCalibrated)
    met.set(.fireOneShot, isCalibrated && calibration?.oneShotIsProved == true)
    let isBench = session?.isBench ?? false
    met.set(.clock, isBench || clockTrouble == nil)
    // A change is tried out while the machine is armed; it is armed only for what was confirmed.
    let isConfirmed = inUse?.isConfirmed ?? false
    let isEngaged = [.arming, .armed, .running].contains(status.state)
    met.set(.profile, settingsAccepted && inUse != nil && (isConfirmed || isEngaged))
    met.set(.recordWritable, catalogTrouble == nil)
    guard let work = session, let keeper else { return met }
    met.set(.session, true)
    met.set(.zone, work.isBench || (work.zone.map { $0.area > .zero } ?? false))
    // Dates are looked at again at each arm: midnight comes in long sessions too.
    let today = CalendarDate(clock.wall())
    met.set(
      .cartridge, work.isBench || (work.cartridges.last.map { !$0.isSpent && $0.isGood(on: today) } ?? false))
    met.set(.pigment, work.isBench || (work.pigments.last.map { $0.isGood(on: today) } ?? false))
    let isRecorded = keeper.trouble == nil && !keeper.isBehind(at: clock.now())
    met.set(.recordWritable, isRecorded && catalogTrouble == nil)
    return met
  }

  func depthGroup(of work: SessionWork) -> DepthGroup {
    work.isBench ? .bench : work.zone?.depthGroup ?? .shallow
  }

  /// The envelope for the profile and the cartridge at hand in a depth group; `nil` without a profile.
  func envelope(in group: DepthGroup) -> Envelope? { profile.map { envelope(of: $0, in: group) } }

  /// The envelope for a profile with the cartridge at hand in a depth group.
  func envelope(of profile: NeedleProfile, in group: DepthGroup) -> Envelope {
    let cartridge = session?.cartridges.last.flatMap { configuration.library.cartridges[$0.profile] }
    return Envelope(machine: configuration.machine, cartridge: cartridge, needle: profile, depthGroup: group)
  }
}
