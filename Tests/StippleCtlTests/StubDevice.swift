import ControlInterface
import Synchronization
import Varlink

struct StubDevice: Device.Handler {
  let machine: StubMachine

  func getStatus(_ p: Device.GetStatus.Parameters, _: CallContext) async throws -> Device.GetStatus.Reply {
    .init(status: try machine.enter("GetStatus", p).status)
  }

  func watch(
    _ p: Device.Watch.Parameters, _ replies: Replies<Device.Watch.Reply>, _: CallContext
  ) async throws -> Device.Watch.Reply {
    let script = try machine.enter("Watch", p)
    for status in script.watched { try await replies.send(.init(status: status, missed: 0)) }
    return .init(status: script.watched.last ?? script.status, missed: 0)
  }

  func arm(_ p: Device.Arm.Parameters, _: CallContext) async throws -> Device.Arm.Reply {
    _ = try machine.enter("Arm", p)
    machine.script.withLock { $0.status.state = .armed }
    return .init()
  }

  func disarm(_ p: Device.Disarm.Parameters, _: CallContext) async throws -> Device.Disarm.Reply {
    _ = try machine.enter("Disarm", p)
    return .init()
  }

  func stop(_ p: Device.Stop.Parameters, _: CallContext) throws -> Device.Stop.Reply {
    _ = try machine.enter("Stop", p)
    return .init()
  }

  func acknowledgeFault(_ p: Device.AcknowledgeFault.Parameters, _: CallContext) async throws
    -> Device.AcknowledgeFault.Reply
  {
    let faults = try machine.enter("AcknowledgeFault", p).status.faults
    return .init(acknowledged: faults.map(\.code))
  }

  func selfTest(
    _ p: Device.SelfTest.Parameters, _ replies: Replies<Device.SelfTest.Reply>, _: CallContext
  ) async throws -> Device.SelfTest.Reply {
    let isPassed = try machine.enter("SelfTest", p).selfTestPasses
    try await replies.send(
      .init(step: "inputs", isPassed: true, detail: "GUARD=1", stepsDone: 1, stepsTotal: 2))
    return .init(
      step: "safe torque off", isPassed: isPassed, detail: isPassed ? "dropped in 3 ms" : "STO_FB stayed 1",
      stepsDone: 2, stepsTotal: 2, outcome: isPassed ? .passed : .failed)
  }

  func getMachine(_ p: Device.GetMachine.Parameters, _: CallContext) async throws -> Device.GetMachine.Reply {
    _ = try machine.enter("GetMachine", p)
    return .init(machine: Samples.machine)
  }

  func checkMachine(_ p: Device.CheckMachine.Parameters, _: CallContext) async throws
    -> Device.CheckMachine.Reply
  {
    let passes = try machine.enter("CheckMachine", p).boardPasses
    let line = Device.Finding(
      subject: "FIRE", isPassed: passes,
      detail: passes ? "line 10 'FIRE', an output now, held" : "GPIO chip 'rig' has no line 'FIRE'")
    return .init(
      findings: [.init(subject: "chip", isPassed: true, detail: "gpiochip0 'rig', 32 lines"), line],
      isPassed: passes)
  }

  func getTiming(_ p: Device.GetTiming.Parameters, _: CallContext) async throws -> Device.GetTiming.Reply {
    _ = try machine.enter("GetTiming", p)
    return Samples.timing
  }

  func home(_: Device.Home.Parameters, _: CallContext) async throws -> Device.Home.Reply {
    Device.Home.Reply()
  }

  func confirmDate(_ p: Device.ConfirmDate.Parameters, _: CallContext) async throws
    -> Device.ConfirmDate.Reply
  {
    _ = try machine.enter("ConfirmDate", p)
    return .init(atUs: Samples.noon)
  }
}
