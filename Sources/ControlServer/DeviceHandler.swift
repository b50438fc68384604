public import ControlInterface
import ControlLoop
import NeedleSafety
import StrokeControl
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Device`.
public struct DeviceHandler: Device.Handler, DeskHandler {
  typealias Interface = Device
  private let desk: Desk
  let policy: RolePolicy
  private let clock: TreatmentClock
  private let description: MachineDescription
  private let startedAt: WallTime
  private let checkBoard: @Sendable () -> [Device.Finding]

  /// `checkBoard` looks the board's parts up; a virtual machine has none.
  public init(
    desk: Desk, policy: RolePolicy, clock: TreatmentClock, description: MachineDescription,
    checkBoard: @escaping @Sendable () -> [Device.Finding] = { [] }
  ) {
    self.desk = desk
    self.policy = policy
    self.clock = clock
    self.description = description
    self.checkBoard = checkBoard
    startedAt = clock.wall()
  }

  private var builder: StatusBuilder { StatusBuilder(desk: desk, clock: clock) }

  public func getStatus(_: Device.GetStatus.Parameters, _: CallContext) async throws -> Device.GetStatus.Reply
  {
    Device.GetStatus.Reply(status: await builder.build())
  }

  public func watch(
    _ parameters: Device.Watch.Parameters, _ replies: Replies<Device.Watch.Reply>, _: CallContext
  ) async throws -> Device.Watch.Reply {
    let rate = parameters.maxUpdatesHz ?? 10
    guard rate > 0, rate <= 50 else {
      throw Device.InvalidValue(field: "max_updates_hz", value: "\(rate)", limit: "more than 0, at most 50")
    }
    let interval = Nanoseconds(Int64(1_000_000_000 / rate))
    var last = await builder.build()
    guard replies.areWelcome else { return Device.Watch.Reply(status: last, missed: 0) }
    try await replies.send(Device.Watch.Reply(status: last, missed: 0))
    var due = clock.now() + interval
    while true {
      try await Task.sleep(for: .nanoseconds(max(0, (due - clock.now()).count)))
      let now = clock.now()
      // A reader that held the last reply up has missed the updates that fell due meanwhile.
      let missed = max(0, (now - due).count / interval.count)
      due = now + interval
      let status = await builder.build()
      guard status.differs(from: last) else { continue }
      try await replies.send(Device.Watch.Reply(status: status, missed: Int(missed)))
      last = status
    }
  }

  public func arm(_: Device.Arm.Parameters, _ context: CallContext) async throws -> Device.Arm.Reply {
    let author = try author(context)
    try await translated {
      do {
        try await desk.arm(by: author)
      } catch TreatmentError.notReady(let unmet) {
        let inUse = await desk.profileInUse
        throw Device.NotReady(unmet: unmet.map { "\($0.name): \(builder.remedy($0, inUse))" })
      }
    }
    return Device.Arm.Reply()
  }

  public func disarm(_: Device.Disarm.Parameters, _ context: CallContext) async throws -> Device.Disarm.Reply
  {
    let author = try author(context)
    try await translated { try await desk.disarm(by: author) }
    return Device.Disarm.Reply()
  }

  public func stop(_: Device.Stop.Parameters, _ context: CallContext) throws -> Device.Stop.Reply {
    let state = desk.status.state
    desk.bridge.stop()
    // Where nothing had to stop there is nothing to keep: a flood of stops must not fill the audit.
    if [.arming, .armed, .running, .calibrating].contains(state),
      let author = policy.author(context.peer, needs: .observer)
    {
      let desk = desk
      Task { await desk.noteStop(in: state, by: author) }
    }
    return Device.Stop.Reply()
  }

  public func acknowledgeFault(
    _ parameters: Device.AcknowledgeFault.Parameters, _ context: CallContext
  ) async throws -> Device.AcknowledgeFault.Reply {
    let author = try author(context)
    var code: FaultCode?
    if let name = parameters.code {
      guard let known = FaultCode.allCases.first(where: { $0.name == name }) else {
        throw Device.NotFound(code: name)
      }
      code = known
    }
    let cleared = try await translated { try await desk.acknowledge(code, by: author) }
    return Device.AcknowledgeFault.Reply(acknowledged: cleared.map(\.name))
  }

  public func selfTest(
    _: Device.SelfTest.Parameters, _ replies: Replies<Device.SelfTest.Reply>, _ context: CallContext
  ) async throws -> Device.SelfTest.Reply {
    let author = try author(context)
    let levels = desk.status.levels
    let canRaiseTorque = levels.isHigh(.emergencyStopA) && levels.isHigh(.emergencyStopB)
    let inputs = Device.SelfTest.Reply(
      step: "inputs", isPassed: canRaiseTorque && levels.isHigh(.needleHome),
      detail: levels.evidence.joined(separator: " "), stepsDone: 1, stepsTotal: 2)
    if replies.areWelcome { try await replies.send(inputs) }
    let result = try await translated { try await desk.runSelfTest(by: author) }
    let detail =
      switch result {
      case .passed: "each channel alone gives no torque, both give it, either drops it within 25 ms"
      case .putOff: "not run: release the emergency stop and see that the needle is home, then test again"
      case .failed, .notRun: "the feedback did not follow the channels; see stipplectl fault list"
      }
    return Device.SelfTest.Reply(
      step: "safe torque off", isPassed: result == .passed, detail: detail, stepsDone: 2, stepsTotal: 2,
      outcome: result == .passed ? .passed : .failed)
  }

  public func home(_: Device.Home.Parameters, _ context: CallContext) async throws -> Device.Home.Reply {
    let author = try author(context)
    try await translated { try await desk.bringHome(by: author) }
    return Device.Home.Reply()
  }

  public func confirmDate(_ parameters: Device.ConfirmDate.Parameters, _ context: CallContext) async throws
    -> Device.ConfirmDate.Reply
  {
    let author = try author(context)
    let at = try await translated { try await desk.confirmDate(parameters.date, by: author) }
    return Device.ConfirmDate.Reply(atUs: at.microseconds)
  }

  public func getMachine(_: Device.GetMachine.Parameters, _: CallContext) async throws
    -> Device.GetMachine.Reply
  {
    Device.GetMachine.Reply(machine: description.machine(desk.machine, builder))
  }

  public func checkMachine(_: Device.CheckMachine.Parameters, _: CallContext) async throws
    -> Device.CheckMachine.Reply
  {
    let feedback = desk.status.drive
    let isUp = feedback.link == .verified && feedback.limitsVerified
    let drive = Device.Finding(
      subject: "drive", isPassed: isUp,
      detail: isUp
        ? "answers, its settings read back as they were written"
        : "does not answer as it has to: see that it is powered, wired, and of the module and baud rate in the profile"
    )
    let host = description.warnings.map { Device.Finding(subject: "real time", isPassed: false, detail: $0) }
    let findings = checkBoard() + [drive] + host
    return Device.CheckMachine.Reply(findings: findings, isPassed: findings.allSatisfy(\.isPassed))
  }

  public func getTiming(_: Device.GetTiming.Parameters, _: CallContext) async throws -> Device.GetTiming.Reply
  {
    let statistics = desk.bridge.statistics.read()
    let histogram = (0..<24).map { slot in
      Device.TimingBucket(
        upToUs: slot == 23 ? nil : 1 << slot, wakes: Int(clamping: statistics.latenessMicroseconds[slot]))
    }
    let causes = LoopStatistics.Cause.allCases.map { cause in
      Device.WakeCounts(
        cause: Device.WakeCounts.Cause(rawValue: "\(cause)") ?? .spurious,
        wakes: Int(clamping: statistics.wakes[cause.rawValue]),
        systemCalls: Int(clamping: statistics.systemCalls[cause.rawValue]))
    }
    return Device.GetTiming.Reply(
      summary: builder.timing(statistics, desk.status), histogram: histogram, wokenBy: causes,
      sinceUs: startedAt.microseconds)
  }
}

extension Device.Status {
  /// Whether a person would see a difference: time passing and wakes being counted are none.
  func differs(from other: Self) -> Bool {
    var mine = self
    mine.atUs = other.atUs
    mine.timing = other.timing
    mine.lease = other.lease
    return mine != other
  }
}
