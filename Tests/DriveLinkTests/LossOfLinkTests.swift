import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("TMCL loss of link") struct LossOfLinkTests {
  @Test("When the host falls silent the module stops itself one lease after the last request")
  func heartbeatStops() {
    var bench = TMCLBench()
    bench.prepare()
    bench.wake(.moveDepth(Micrometres(2_000)))
    bench.run(for: .milliseconds(60))
    bench.cutOut = true
    let last = bench.sent.last { $0.at <= bench.now }?.at ?? .boot
    let before = bench.device.heartbeatExpiries
    bench.device.advance(to: last + .milliseconds(100) - Nanoseconds(1))
    #expect(bench.device.heartbeatExpiries == before)
    #expect(bench.device.axis.speed > 0)
    bench.device.advance(to: last + .milliseconds(100))
    #expect(bench.device.heartbeatExpiries == before + 1)
    bench.device.advance(to: last + .milliseconds(250))
    #expect(bench.device.axis.speed == 0)
    let place = bench.trueDepth
    #expect(place > 0 && place < 2_000)
    bench.device.advance(to: last + .seconds(10))
    #expect(bench.trueDepth == place)
    #expect(bench.device.heartbeatExpiries == before + 1)
  }

  @Test("A supervised module's heartbeat never expires in a minute of quiet and of motion")
  func heartbeatIsRenewed() {
    var bench = TMCLBench()
    bench.prepare()
    for depth in [Int32(500), 2_000, 0, 1_000] {
      bench.wake(.moveDepth(Micrometres(depth)))
      bench.run(for: .seconds(15))
    }
    #expect(bench.device.heartbeatExpiries == 0)
    #expect(bench.link.statistics.timeouts == 0)
    #expect(bench.link.statistics.stale == 0)
    #expect(bench.feedback.depth == Micrometres(1_000))
  }

  @Test("Without an armed heartbeat loss of link is not verified, though the link is")
  func withoutHeartbeat() {
    var bench = TMCLBench { $0.module.armsHeartbeat = false }
    bench.prepare()
    bench.run(for: .seconds(2))
    #expect(bench.feedback.limitsVerified)
    #expect(!bench.feedback.lossOfLinkVerified)
    #expect(!bench.sent.contains { $0.request.instruction == .setGlobal })
  }

  @Test("A heartbeat that somebody turned off is found within a second and the link is proved again")
  func heartbeatTurnedOff() {
    var bench = TMCLBench()
    bench.prepare()
    bench.forget()
    let off = TMCLRequest(address: 1, .setGlobal, type: 68, motor: 0, value: 0)
    bench.device.receive(off.frame.bytes, at: bench.now)
    _ = bench.device.transmit(at: bench.now + .milliseconds(2))
    let found = bench.run(until: bench.now + .seconds(1)) { $0.link.statistics.resets == 1 }
    #expect(found)
    bench.connect()
    #expect(bench.feedback.lossOfLinkVerified)
    #expect(!bench.feedback.referenced)
  }

  @Test("Bounds of the parameters are told by name") func problems() {
    func problem(_ change: (inout TMCLLinkParameters) -> Void) -> TMCLParameterProblem? {
      var parameters = TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100))
      change(&parameters)
      return parameters.problem
    }
    #expect(problem { _ in } == nil)
    #expect(problem { $0.module.lease = .milliseconds(251) } == .lease)
    #expect(problem { $0.module.lease = .milliseconds(79) } == .pollingPeriod)
    #expect(problem { $0.module.lease = .milliseconds(80) } == nil)
    #expect(problem { $0.microstepsPerMillimetre = 0 } == .microstepsPerMillimetre)
    #expect(problem { $0.maximumCurrent = Milliamperes(2_001) } == .current)
    #expect(problem { $0.maximumCurrent = Milliamperes(7) } == .current)
    #expect(problem { $0.standbyCurrent = Milliamperes(0) } == nil)
    #expect(problem { $0.referenceSpeed = 5_001 } == .speed)
    #expect(problem { $0.maximumSpeed = 160_000 } == .notRepresentable)
    #expect(problem { $0.depthMinimum = Micrometres(2_001) } == .depthRange)
    #expect(problem { $0.module.replyAddress = 1 } == .addressesEqual)
    #expect(TMCLParameterProblem.allCases.allSatisfy { !$0.explanation.isEmpty })
  }
}
