import ControlInterface
import Glibc
import Synchronization
import Testing
import Varlink

/// The generated handler and client of `org.stipple.Device`, end to end.
@Suite(.timeLimit(.minutes(1))) struct DeviceServiceTests {
  private func withDevice(_ body: (FakeDevice, Device.Client) async throws -> Void) async throws {
    let path = "/tmp/control-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let device = FakeDevice()
    let server = try VarlinkServer(
      ServiceInformation(vendor: "v", product: "p", version: "1", url: "u"),
      interfaces: [Device.Service(device)])
    try await server.start(at: .path(path, mode: 0o600))
    do {
      try await body(device, Device.Client(try await VarlinkConnection.connect(to: path)))
    } catch {
      await server.close()
      throw error
    }
    await server.close()
  }

  @Test func aStatusSurvivesTheWire() async throws {
    try await withDevice { device, client in
      let status = try await client.getStatus().status
      #expect(status == FakeDevice.status(strokes: 0))
      #expect(status.depthUm == nil, "the needle rests: nothing is measured")
    }
  }

  @Test func aRefusalArrivesAsItsTypedError() async throws {
    try await withDevice { device, client in
      let expected = Device.NotReady(unmet: ["guard_closed: the guard is open: close it"])
      await #expect(throws: expected) { try await client.arm() }
      await #expect(throws: Device.NotAuthorized(role: .technician)) { try await client.disarm() }
      await #expect(throws: Device.NotFound(code: "none")) {
        try await client.acknowledgeFault(.init(code: "none"))
      }
    }
  }

  @Test func aWatcherGetsTheCurrentStateFirstAndThenChanges() async throws {
    try await withDevice { device, client in
      let updates = client.watch(.init(maxUpdatesHz: 50))
      let first = try await updates.next()
      #expect(first?.status.strokes == 0)
      device.states.publish(FakeDevice.status(strokes: 7))
      let second = try await updates.next()
      #expect(second?.status.strokes == 7)
    }
  }

  @Test func stopReachesTheDevice() async throws {
    try await withDevice { device, client in
      _ = try await client.stop()
      _ = try await client.stop()
      #expect(device.stops.withLock { $0 } == 2)
    }
  }

  @Test func aTestThatTakesStepsReportsEachAndThenItsOutcome() async throws {
    try await withDevice { device, client in
      var outcomes: [Device.SelfTest.Reply.Outcome?] = []
      for try await step in client.selfTest() { outcomes.append(step.outcome) }
      #expect(outcomes == [nil, nil, .passed])
    }
  }
}
