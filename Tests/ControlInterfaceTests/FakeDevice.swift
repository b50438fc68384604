import ControlInterface
import Synchronization
import Varlink

/// A device that has only as much behaviour as the tests ask for.
final class FakeDevice: Device.Handler {
  let states = Conflated(FakeDevice.status(strokes: 0))
  let stops = Mutex(0)

  static let limits = Device.Limits(
    rateHz: 150, depthUm: 1_000, dwellUs: 10_000, dwellPercent: 60, offTimeUs: 0, strokesPerDot: 25,
    dotDurationUs: 250_000, dotRateHz: 10, stallUs: 50_000, runMs: 120_000, dutyPercent: 80,
    motorOnMs: 14_400_000, dotsPerCm2: 80, currentMa: 370, peakCurrentMa: 800, peakDurationUs: 100_000,
    motorCaseC: 75, leaseUs: 250_000)

  static let timing = Device.TimingSummary(wakes: 1, misses: 0, eventsDropped: 0)

  static let drive = Device.DriveLine(
    state: .verified, replies: 3, timeouts: 0, checksumErrors: 0, stale: 0, rejected: 0, resets: 0,
    connections: 1,
    losses: 0, discardedBytes: 0, longestRoundTripUs: 1_600)

  static func status(strokes: Int) -> Device.Status {
    Device.Status(
      state: .standby, needle: .home,
      faults: [
        Device.Fault(
          code: "cartridge_removed", priority: .low, message: "The cartridge was pulled: fit one.",
          sinceUs: 1, evidence: ["CARTRIDGE_N=1"], isPresent: true)
      ],
      interlocks: [Device.Interlock(name: "guard_closed", isSatisfied: false, hint: "close it")],
      strokes: strokes, dots: 0, limits: limits, temperatures: .init(), drive: drive,
      lease: .init(lengthUs: 100_000), timing: timing, atUs: 2)
  }

  func getStatus(
    _ parameters: Device.GetStatus.Parameters, _ context: CallContext
  ) async throws -> Device.GetStatus.Reply { .init(status: states.newest) }

  func watch(
    _ parameters: Device.Watch.Parameters, _ replies: Replies<Device.Watch.Reply>, _ context: CallContext
  ) async throws -> Device.Watch.Reply {
    guard replies.areWelcome else { return .init(status: states.newest, missed: 0) }
    var updates = states.subscribe()
    while let (status, missed) = await updates.next() {
      try await replies.send(.init(status: status, missed: missed))
    }
    throw CancellationError()
  }

  func arm(_ parameters: Device.Arm.Parameters, _ context: CallContext) async throws -> Device.Arm.Reply {
    throw Device.NotReady(unmet: ["guard_closed: the guard is open: close it"])
  }

  func disarm(
    _ parameters: Device.Disarm.Parameters, _ context: CallContext
  ) async throws -> Device.Disarm.Reply { throw Device.NotAuthorized(role: .technician) }

  func stop(_ parameters: Device.Stop.Parameters, _ context: CallContext) throws -> Device.Stop.Reply {
    stops.withLock { $0 += 1 }
    return .init()
  }

  func acknowledgeFault(
    _ parameters: Device.AcknowledgeFault.Parameters, _ context: CallContext
  ) async throws -> Device.AcknowledgeFault.Reply { throw Device.NotFound(code: parameters.code ?? "") }

  func selfTest(
    _ parameters: Device.SelfTest.Parameters, _ replies: Replies<Device.SelfTest.Reply>,
    _ context: CallContext
  ) async throws -> Device.SelfTest.Reply {
    var reply = Device.SelfTest.Reply(
      step: "inputs", isPassed: true, detail: "", stepsDone: 1, stepsTotal: 3)
    for done in 1...2 {
      reply.stepsDone = done
      if replies.areWelcome { try await replies.send(reply) }
    }
    reply.stepsDone = 3
    reply.outcome = .passed
    return reply
  }

  func getMachine(
    _ parameters: Device.GetMachine.Parameters, _ context: CallContext
  ) async throws -> Device.GetMachine.Reply {
    throw ServiceError.methodNotImplemented(method: context.method)
  }

  func checkMachine(
    _ parameters: Device.CheckMachine.Parameters, _ context: CallContext
  ) async throws -> Device.CheckMachine.Reply {
    throw ServiceError.methodNotImplemented(method: context.method)
  }

  func getTiming(
    _ parameters: Device.GetTiming.Parameters, _ context: CallContext
  ) async throws -> Device.GetTiming.Reply {
    .init(summary: Self.timing, histogram: [], wokenBy: [], sinceUs: 0)
  }

  func home(_: Device.Home.Parameters, _: CallContext) async throws -> Device.Home.Reply {
    Device.Home.Reply()
  }

  func confirmDate(_: Device.ConfirmDate.Parameters, _: CallContext) async throws -> Device.ConfirmDate.Reply
  {
    .init(atUs: 0)
  }
}
