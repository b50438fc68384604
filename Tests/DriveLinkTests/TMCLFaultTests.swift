import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("TMCL link under faults") struct TMCLFaultTests {
  @Test("A mute module is down after the lease, in the same nanosecond, and nothing stays verified")
  func mute() {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: 500)
    bench.run(for: .milliseconds(100))
    bench.device.faults.mute = true
    bench.run(for: .milliseconds(5))
    bench.forget()
    let heard = bench.link.statistics.lastReply
    bench.run(for: .milliseconds(300))
    #expect(bench.downAt == heard.map { $0 + .milliseconds(100) })
    #expect(bench.feedback.link == .down)
    #expect(!bench.feedback.limitsVerified)
    #expect(!bench.feedback.lossOfLinkVerified)
    #expect(!bench.feedback.referenced)
    #expect(bench.feedback.depth == nil)
    #expect(bench.link.statistics.losses == 1)
  }

  @Test("A module that speaks again is verified again, but not referenced")
  func recovers() {
    var bench = TMCLBench()
    bench.prepare()
    bench.device.faults.mute = true
    bench.run(for: .seconds(1))
    bench.device.faults.mute = false
    bench.forget()
    bench.connect()
    #expect(!bench.feedback.referenced)
    #expect(bench.link.statistics.connections == 2)
  }

  @Test("One lost reply is repeated behind a fence and does not take the link down")
  func oneLostReply() {
    var bench = TMCLBench()
    bench.prepare()
    bench.run(for: .milliseconds(100))
    bench.forget()
    bench.device.faults.lostPerMillion = 1_000_000
    bench.run(until: bench.now + .milliseconds(50)) { !$0.sent.isEmpty }
    let lost = bench.sent[0]
    bench.device.faults.lostPerMillion = 0
    bench.run(for: .milliseconds(100))
    #expect(bench.feedback.link == .verified)
    #expect(bench.link.statistics.timeouts == 1)
    // 15 ms for the reply, 15 ms of quiet, the fence, and then the same question again.
    #expect(bench.sent[1].at == lost.at + .milliseconds(30))
    #expect(bench.sent[1].request.instruction == .firmwareVersion)
    #expect(bench.sent[2].at == lost.at + .microseconds(31_800))
    #expect(bench.sent[2].request == lost.request)
  }

  @Test("A damaged reply is asked for again after 2 ms of quiet and a fence, without waiting for a time-out")
  func oneDamagedReply() {
    var link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100)))
    _ = link.nextFrame(at: .boot)
    let identity = TMCLReply(to: 2, from: 1, .success, .firmwareVersion, value: 0x04D8_012D)
    link.receive(identity.frame.bytes, at: microseconds(2_000))
    let question = link.nextFrame(at: microseconds(2_000))
    #expect(question?[1] == 6)
    var damaged = TMCLReply(to: 2, from: 1, .success, .getAxis, value: 0).frame
    damaged[7] ^= 4
    link.receive(damaged.bytes, at: microseconds(4_000))
    #expect(link.nextFrame(at: microseconds(4_000)) == nil)
    #expect(link.deadline == microseconds(6_000))
    #expect(link.nextFrame(at: microseconds(6_000))?[1] == 136)
    link.receive(identity.frame.bytes, at: microseconds(8_000))
    #expect(link.nextFrame(at: microseconds(8_000))?[1] == 6)
    #expect(link.statistics.checksumErrors == 1)
    #expect(link.statistics.timeouts == 0)
  }

  @Test(
    "A reply that comes after its time-out is never taken for the answer to a later question",
    arguments: [Int64(16), 20, 25, 31, 40, 55, 70])
  func lateReplies(delay: Int64) {
    var bench = TMCLBench(lease: .milliseconds(250)) {
      $0.module.maximumRetries = 20
      $0.module.pollingPeriod = .milliseconds(30)
    }
    bench.prepare()
    bench.move(to: 700)
    bench.forget()
    bench.device.faults.extraDelay = .milliseconds(delay)
    bench.run(for: .milliseconds(90))
    bench.device.faults.extraDelay = .zero
    bench.run(for: .seconds(1))
    // Answers to other questions (a clock, a limit, a heartbeat) read as a position would be another depth.
    #expect(bench.rejections == 0)
    #expect(bench.feedback.link == .verified)
    #expect(bench.feedback.depth == Micrometres(700))
    #expect(bench.link.statistics.resets == 0)
    #expect(bench.link.statistics.timeouts > 0)
    #expect(bench.link.statistics.stale > 0)
  }

  @Test("Replies held back and sent late in a bunch are never believed")
  func heldReplies() {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: 700)
    bench.forget()
    bench.device.faults.heldReplies = 2
    bench.run(for: .milliseconds(200))
    #expect(bench.feedback.link == .verified)
    #expect(bench.feedback.depth == Micrometres(700))
    #expect(bench.rejections == 0)
    #expect(bench.link.statistics.stale > 0)
  }

  @Test("A module that restarts in mid-run is noticed within one polling period and has to be proved again")
  func restart() {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: 900)
    bench.run(for: .seconds(1))
    bench.device.restart(at: bench.now)
    bench.forget()
    bench.run(for: .milliseconds(150))
    #expect(bench.downAt != nil)
    bench.connect()
    #expect(!bench.feedback.referenced)
    #expect(bench.feedback.commandedDepth == nil)
    bench.wake(.reference)
    bench.run(until: bench.now + .seconds(5)) { $0.feedback.referenced }
    #expect(bench.trueDepth == 0)
  }

  @Test("A restart too short to be silent, with all settings stored in the module, is told by its clock")
  func quickRestart() {
    var bench = TMCLBench()
    bench.device = TMCLDevice(TMCLBench.quickBoot, at: .boot)
    bench.prepare()
    bench.move(to: 900)
    bench.storeEverything()
    bench.run(for: .seconds(1))
    bench.forget()
    let restartedAt = bench.now
    bench.device.restart(at: bench.now)
    let noticed = bench.run(until: bench.now + .milliseconds(100)) { $0.link.statistics.resets == 1 }
    #expect(noticed)
    #expect(bench.now - restartedAt <= .milliseconds(25))
    #expect(bench.feedback.link == .identifying)
    #expect(!bench.feedback.referenced)
    bench.connect()
    #expect(bench.rejections == 1)
    #expect(!bench.feedback.referenced)
  }

  @Test("A move commanded right after a restart nobody has noticed yet is never sent")
  func moveAfterRestart() {
    var bench = TMCLBench()
    bench.device = TMCLDevice(TMCLBench.quickBoot, at: .boot)
    bench.prepare()
    bench.move(to: 900)
    bench.run(for: .seconds(1))
    bench.run(until: bench.now + .milliseconds(50)) { $0.link.deadline > $0.now + .milliseconds(15) }
    bench.device.restart(at: bench.now)
    bench.now += .milliseconds(1)
    bench.forget()
    bench.wake(.moveDepth(Micrometres(2_000)))
    bench.run(for: .milliseconds(40))
    #expect(!bench.sent.contains { $0.request.instruction == .move })
    #expect(bench.link.statistics.resets == 1)
    #expect(bench.rejections == 1)
    #expect(bench.trueDepth == 900)
  }

  @Test(
    "A limit the module refuses leaves the link configuring and says which",
    arguments: [
      TMCLAxisParameter.maximumSpeed, TMCLAxisParameter.maximumCurrent, TMCLAxisParameter.microstepResolution,
    ])
  func refusedLimit(parameter: UInt8) {
    var bench = TMCLBench()
    bench.device.faults.refusedParameter = parameter
    bench.run(for: .seconds(1))
    #expect(bench.feedback.link != .verified)
    #expect(!bench.feedback.limitsVerified)
    #expect(bench.rejections > 0)
    let rejection = bench.link.statistics.lastRejection
    #expect(rejection?.parameter == parameter)
    #expect(rejection?.status == .invalidValue)
    bench.device.faults.refusedParameter = nil
    bench.connect()
  }

  @Test("A limit that reads back otherwise than written is a mismatch, not a verified link")
  func ignoredLimit() {
    var bench = TMCLBench()
    bench.device.faults.ignoredParameter = TMCLAxisParameter.maximumCurrent
    bench.run(for: .seconds(1))
    #expect(bench.feedback.link != .verified)
    #expect(bench.link.statistics.mismatches > 0)
    #expect(bench.link.statistics.lastRejection?.requested == 38)
    #expect(bench.link.statistics.lastRejection?.answered == 128)
  }

  @Test("Another family's module is never configured") func stranger() {
    var bench = TMCLBench()
    bench.device = TMCLDevice(TMCLDeviceParameters(family: .tmcm1140), at: .boot)
    bench.run(for: .seconds(1))
    #expect(bench.feedback.link != .verified)
    #expect(bench.link.statistics.strangers > 0)
    #expect(!bench.sent.contains { $0.request.instruction == .setAxis })
    #expect(bench.link.identity?.moduleNumber == 1_140)
  }

  @Test("An axis found moving is reported and stopped before anything is written")
  func foundMoving() {
    var bench = TMCLBench()
    let turn = TMCLRequest(address: 1, .rotateRight, type: 0, motor: 0, value: 10_000)
    bench.now = .boot + .milliseconds(500)
    bench.device.receive(turn.frame.bytes, at: bench.now)
    bench.now += .milliseconds(400)
    bench.connect()
    #expect(bench.link.statistics.foundMoving == 1)
    #expect(bench.rejections == 1)
    let stop = bench.sent.firstIndex { $0.request.instruction == .stop }
    let write = bench.sent.firstIndex { $0.request.instruction == .setAxis }
    #expect((stop ?? .max) < (write ?? 0))
    bench.run(for: .milliseconds(200))
    #expect(bench.device.axis.speed == 0)
  }

  @Test("A driver that reports over-temperature or a short is reported")
  func driverError() {
    var bench = TMCLBench()
    bench.prepare()
    bench.forget()
    bench.device.faults.driverStatus = 0b10
    bench.run(for: .seconds(2))
    #expect(bench.rejections > 0)
    #expect(bench.link.statistics.driverErrors > 0)
    #expect(bench.feedback.link == .verified)
  }

  @Test("A position no axis can have reached is not believed once, and is believed when it is still there")
  func implausiblePosition() {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: 500)
    bench.run(for: .milliseconds(100))
    // 51,200 microsteps are 1 mm; the axis makes 0.1 mm in a polling period.
    bench.device.faults.positionError = 51_200
    let doubted = bench.run(until: bench.now + .milliseconds(50)) { $0.link.statistics.doubted == 1 }
    #expect(doubted)
    #expect(bench.feedback.depth == Micrometres(500))
    let at = bench.now
    let believed = bench.run(until: bench.now + .milliseconds(50)) { $0.feedback.depth == Micrometres(1_500) }
    #expect(believed)
    // The fence and the second reading.
    #expect(bench.now == at + .microseconds(3_600))
    #expect(bench.link.statistics.doubted == 1)
  }

  @Test("After a time-out the line has to be quiet for 15 ms, but is waited for no longer than 60 ms")
  func draining() {
    var noise = SerialBytes()
    noise.append(0x55)
    var link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100)))
    #expect(link.nextFrame(at: .boot) != nil)
    #expect(link.nextFrame(at: microseconds(15_000)) == nil)
    link.receive(noise, at: microseconds(20_000))
    #expect(link.deadline == microseconds(35_000))
    for milliseconds: Int64 in 21...80 { link.receive(noise, at: microseconds(milliseconds * 1_000)) }
    #expect(link.deadline == microseconds(75_000))
  }

  @Test("A closed line is down at once and tried again after 100 ms")
  func lineFailed() {
    var bench = TMCLBench()
    bench.prepare()
    bench.link.lineFailed(at: bench.now)
    bench.forget()
    #expect(bench.feedback.link == .down)
    let failedAt = bench.now
    bench.connect()
    #expect(bench.sent.first?.at == failedAt + .milliseconds(100))
  }

  @Test("A stop that waits on a closed line does not keep the loop awake")
  func stopOnAClosedLine() {
    var link = TMCLLink(TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100)))
    link.request(.stop, at: microseconds(1_000))
    link.lineFailed(at: microseconds(1_000))
    #expect(link.deadline > microseconds(1_000), "the loop may sleep until it tries the line again")
  }

  @Test("A loop that slept past the lease stops the axis before it renews anything")
  func lapse() {
    var bench = TMCLBench()
    bench.prepare()
    bench.wake(.moveDepth(Micrometres(2_000)))
    bench.run(for: .milliseconds(40))
    bench.forget()
    bench.now += .milliseconds(101)
    bench.device.advance(to: bench.now)
    bench.wake()
    #expect(bench.sent.first?.request.instruction == .stop)
    #expect(bench.link.statistics.lapses == 1)
    bench.run(for: .milliseconds(300))
    #expect(bench.feedback.commandedDepth == nil)
    #expect(bench.trueDepth < 2_000)
    #expect(bench.feedback.link == .verified)
  }

  @Test("A search without its switch never ends referenced") func brokenSwitch() {
    var bench = TMCLBench()
    bench.device.axis.switchBroken = true
    bench.connect()
    bench.wake(.reference)
    bench.run(for: .seconds(5))
    #expect(!bench.feedback.referenced)
    #expect(bench.device.axis.isSearching)
  }

  @Test(
    "A search that ends away from the switch, by more than 20 µm, is not a reference",
    arguments: [1_024, 1_100])
  func searchEndsElsewhere(error: Int32) {
    var bench = TMCLBench()
    bench.connect()
    bench.device.faults.positionError = error
    bench.forget()
    bench.wake(.reference)
    bench.run(for: .seconds(3))
    #expect(!bench.device.axis.isSearching)
    #expect(bench.feedback.referenced == (error <= 1_024))
    #expect(bench.rejections == (error <= 1_024 ? 0 : 1))
  }

  @Test("A move without torque goes nowhere and the measured depth says so") func noTorque() {
    var bench = TMCLBench()
    bench.prepare()
    bench.device.setTorque(false, at: bench.now)
    bench.wake(.moveDepth(Micrometres(800)))
    bench.run(for: .seconds(1))
    #expect(bench.feedback.commandedDepth == Micrometres(800))
    #expect(bench.feedback.depth == Micrometres(0))
    #expect(bench.trueDepth == 0)
  }
}

extension TMCLBench {
  /// A module that is back within a polling period.
  static var quickBoot: TMCLDeviceParameters {
    var parameters = TMCLDeviceParameters()
    parameters.bootTime = .milliseconds(1)
    return parameters
  }

  /// What a service engineer does with the maker's tool: every setting goes to the module's EEPROM.
  mutating func storeEverything() {
    for index in 0..<link.settings.count {
      let store = TMCLRequest(
        address: 1, .storeAxis, type: link.settings[index].parameter, motor: 0, value: 0)
      device.receive(store.frame.bytes, at: now)
    }
    let heartbeat = TMCLRequest(address: 1, .storeGlobal, type: 68, motor: 0, value: 0)
    device.receive(heartbeat.frame.bytes, at: now)
    while device.nextEvent <= now + .milliseconds(2) {
      now = device.nextEvent.later(of: now)
      _ = device.transmit(at: now)
    }
  }
}
