import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("TMCL needle motor") struct TMCLNeedleTests {
  @Test("Both modules are identified, stopped, set and read back before the link is verified")
  func connects() {
    var bench = RotaryBench.tmcl()
    bench.connect()
    let needle = bench.requests(to: 3).map(\.request)
    #expect(needle[0] == TMCLRequest(address: 3, .firmwareVersion, type: 1, motor: 0, value: 0))
    #expect(needle[1] == TMCLRequest(address: 3, .getAxis, type: 42, motor: 0, value: 0))
    #expect(needle[2] == TMCLRequest(address: 3, .stop, type: 0, motor: 0, value: 0))
    // Pole pairs, 0.8 A, 150 Hz = 9,000 rpm, 1,000 Hz/s = 60,000 rpm/s, along the ramp.
    let written: [(UInt8, Int32)] = [(10, 4), (11, 800), (43, 9_000), (44, 60_000), (45, 1)]
    for (index, setting) in written.enumerated() {
      #expect(
        needle[3 + 2 * index]
          == TMCLRequest(address: 3, .setAxis, type: setting.0, motor: 0, value: setting.1))
      #expect(
        needle[4 + 2 * index] == TMCLRequest(address: 3, .getAxis, type: setting.0, motor: 0, value: 0))
    }
    #expect(bench.feedback.limitsVerified)
    #expect(bench.rejections == 0)
    #expect(bench.bus.needle.identity?.moduleNumber == 1617)
  }

  @Test("A servo module has no heartbeat: loss of link is not verified though the stepper's is")
  func noHeartbeat() {
    var bench = RotaryBench.tmcl()
    bench.connect()
    #expect(bench.bus.depth.feedback.lossOfLinkVerified)
    #expect(!bench.bus.needle.feedback.lossOfLinkVerified)
    #expect(!bench.feedback.lossOfLinkVerified)
    #expect(!bench.requests(to: 3).contains { $0.request.instruction == .setGlobal })
  }

  @Test("The older family has other numbers and counts poles, not pairs") func olderFamily() {
    var bench = RotaryBench.tmcl(family: .tmcm1640)
    bench.connect()
    let settings = bench.requests(to: 3).filter { $0.request.instruction == .setAxis }.map(\.request)
    #expect(settings.map(\.type) == [253, 6, 4, 11, 146])
    #expect(settings.map(\.value) == [8, 800, 9_000, 60_000, 1])
    bench.spin(to: 100)
    #expect(bench.feedback.temperature == nil)
  }

  @Test("The needle turns at the rate it is told, and slows to another, and stands")
  func spins() {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.spin(to: 100)
    #expect(bench.drive.camDemand == .run(rate: .hertz(100), acceleration: 1_000))
    bench.spin(to: 5)
    bench.spin(to: 0)
    #expect(bench.camRate == 0)
    #expect(bench.rejections == 0)
  }

  @Test(
    "A gear turns the motor as much faster or slower as it says",
    arguments: [(Int32(3), Int32(1), Int32(18_000)), (1, 2, 3_000), (37, 10, 22_200)])
  func gears(motor: Int32, cam: Int32, rpm: Int32) {
    var bench = RotaryBench.tmcl {
      $0.gearMotor = motor
      $0.gearCam = cam
    }
    bench.prepare()
    bench.spin(to: 100)
    let spin = bench.requests(to: 3).first { $0.request.instruction == .rotateRight }
    #expect(spin?.request.value == rpm)
  }

  @Test("A motor that turns the other way is told left, and its rate is as positive") func reversed() {
    var bench = RotaryBench.tmcl { $0.isReversed = true }
    bench.prepare()
    bench.spin(to: 60)
    #expect(bench.requests(to: 3).contains { $0.request.instruction == .rotateLeft })
    #expect(bench.feedback.rate == .hertz(60))
  }

  @Test("Rate, current and temperature come at a steady pace while the needle turns")
  func telemetry() {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.spin(to: 100)
    bench.forget()
    let seen = bench.now
    bench.run(for: .seconds(2))
    let readings = bench.requests(to: 3).filter { $0.request.instruction == .getAxis }.map(\.request.type)
    #expect((95...101).contains(readings.filter { $0 == 42 }.count))
    #expect((45...51).contains(readings.filter { $0 == 31 }.count))
    #expect((11...13).contains(readings.filter { $0 == 221 }.count))
    #expect(bench.feedback.current == Milliamperes(120))
    #expect(bench.feedback.temperature == .celsius(31))
    #expect(bench.now - bench.feedback.rateAt <= .milliseconds(22))
    #expect(bench.feedback.depthAt > seen)
    #expect(bench.bus.needle.statistics.stale == 0)
    #expect(bench.bus.needle.statistics.timeouts == 0)
    #expect(bench.bus.depth.statistics.timeouts == 0)
  }

  @Test("A rate above the machine's ceiling never reaches the line") func ceiling() {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.forget()
    bench.wake(.spin(Millihertz(150_001)))
    bench.run(for: .milliseconds(100))
    #expect(bench.rejections == 1)
    #expect(!bench.requests(to: 3).contains { $0.request.instruction == .rotateRight })
    bench.wake(.spin(.hertz(150)))
    bench.run(for: .milliseconds(100))
    #expect(bench.rejections == 1)
    #expect(bench.feedback.commandedRate == .hertz(150))
  }

  @Test("A needle without a verified link is not turned") func unverified() {
    var bench = RotaryBench.tmcl()
    bench.wake(.spin(.hertz(50)))
    #expect(bench.feedback.rejected)
    bench.connect()
    bench.run(for: .milliseconds(200))
    #expect(!bench.requests(to: 3).contains { $0.request.instruction == .rotateRight })
  }

  @Test("A cam found turning is said to be, and stopped before anything is set") func foundMoving() {
    var bench = RotaryBench.tmcl()
    bench.drive.receive(
      TMCLRequest(address: 3, .rotateRight, type: 0, motor: 0, value: 3_000).frame.bytes, at: .boot)
    bench.pass(until: .boot + .milliseconds(500))
    bench.connect()
    #expect(bench.foundMoving == 1)
    bench.run(for: .milliseconds(500))
    #expect(bench.camRate == 0)
  }

  @Test("A module that was restarted forgets its limits: it is not sped up, and has to be proved again")
  func restart() {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.spin(to: 50)
    bench.forget()
    bench.drive.restart(at: bench.now)
    bench.wake(.spin(.hertz(100)))
    bench.run(for: .milliseconds(150))
    #expect(bench.losses == 1)
    #expect(!bench.requests(to: 3).contains { $0.request.instruction == .rotateRight })
    #expect(bench.feedback.commandedRate == nil)
    bench.connect()
    #expect(bench.feedback.limitsVerified)
  }

  @Test(
    "A limit that reads back otherwise than written is no verified link", arguments: [UInt8(11), 43, 44, 10])
  func ignoredLimit(parameter: UInt8) {
    var bench = RotaryBench.tmcl()
    bench.drive.changeServo { $0.faults.ignoredParameter = parameter }
    bench.run(for: .seconds(1))
    #expect(bench.feedback.link != .verified)
    #expect(bench.bus.needle.statistics.lastRejection?.parameter == parameter)
    bench.drive.changeServo { $0.faults.ignoredParameter = nil }
    bench.connect()
  }

  @Test("An error of the driver is a rejection within a quarter of a second", arguments: [0, 1, 2, 3, 5])
  func driverError(bit: Int32) {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.forget()
    bench.drive.changeServo { $0.faults.driverStatus = 1 << bit }
    bench.run(for: .milliseconds(250))
    #expect(bench.rejections >= 1)
  }

  @Test("A machine whose two modules cannot share a line is told why") func problems() {
    let depth = TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100))
    var needle = TMCLNeedleParameters(family: .tmcm1617, lease: .milliseconds(100))
    #expect(TMCLBus.problem(depth: depth, needle: needle) == .pollingPeriod)
    var quick = depth
    quick.module.replyTimeout = .milliseconds(10)
    #expect(TMCLBus.problem(depth: quick, needle: needle) == nil)
    needle.module.moduleAddress = 1
    #expect(TMCLBus.problem(depth: quick, needle: needle) == .addressesEqual)
    func problem(_ change: (inout TMCLNeedleParameters) -> Void) -> TMCLParameterProblem? {
      var parameters = TMCLNeedleParameters(family: .tmcm1617, lease: .milliseconds(100))
      change(&parameters)
      return parameters.problem
    }
    #expect(problem { $0.gearCam = 0 } == .gear)
    #expect(problem { $0.polePairs = 51 } == .polePairs)
    #expect(problem { $0.maximumRate = .zero } == .rate)
    #expect(
      problem {
        $0.gearCam = 1_000; $0.maximumRate = .hertz(16)
      } == .notRepresentable)
    #expect(problem { $0.module.family = .tmcm1240 } == .family)
    #expect(TMCLLinkParameters(family: .tmcm1617, lease: .milliseconds(100)).problem == .family)
  }
}
