import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("VESC link") struct VESCLinkTests {
  @Test("A controller is asked who it is, let go, judged by its settings, bounded and read back")
  func connects() throws {
    var bench = try RotaryBench.vesc()
    bench.connect()
    let commands = bench.payloads().map { $0.bytes[0] }
    #expect(Array(commands.prefix(8)) == [0, 4, 6, 17, 14, 91, 48, 91])
    let limits = try #require(bench.payloads().first { $0.bytes[0] == 48 }?.bytes)
    // Not stored, not forwarded, acknowledged, not divided.
    #expect(Array(limits[1...4]) == [0, 0, 1, 0])
    func number(_ index: Int) -> Float {
      Float(bitPattern: limits[index...index + 3].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    // 0.8 A of 5 A; 150 Hz × 60 × 4 pole pairs.
    #expect(number(5) == 0.16)
    #expect(number(9) == 0.16)
    #expect(number(13) == -36_000)
    #expect(number(17) == 36_000)
    #expect(bench.feedback.limitsVerified)
    #expect(bench.feedback.lossOfLinkVerified)
    #expect(bench.rejections == 0)
    #expect(bench.feedback.trouble == .none)
  }

  @Test("Every known firmware is taken", arguments: [(UInt8(5), UInt8(1)), (5, 2), (6, 0)])
  func firmwares(version: (UInt8, UInt8)) throws {
    var bench = try RotaryBench.vesc(version: version)
    bench.connect()
    #expect(bench.link.vesc.near.firmware?.minor == version.1)
  }

  @Test("The needle turns at the rate it is told, and slows to another, and stands") func spins() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.spin(to: 100)
    // 100 Hz × 60 × 4 pole pairs: 24,000 electrical revolutions per minute.
    #expect(bench.payloads().contains { $0.bytes == [8, 0, 0, 0x5D, 0xC0] })
    #expect(bench.feedback.current == Milliamperes(120))
    #expect(bench.feedback.temperature == Decicelsius(314))
    bench.spin(to: 10)
    bench.spin(to: 0)
    #expect(bench.camRate == 0)
    #expect(bench.rejections == 0)
  }

  @Test("The depth axis is referenced by its encoder and moved to the micrometre", arguments: [true, false])
  func moves(isRotary: Bool) throws {
    var bench = try isRotary ? RotaryBench.vesc() : RotaryBench.linearVESC()
    bench.connect()
    #expect(!bench.feedback.referenced)
    bench.prepare()
    for depth in [Int32(500), 2_000, 0, 1_350] {
      bench.wake(.moveDepth(Micrometres(depth)))
      let arrived = bench.run(until: bench.now + .seconds(3)) {
        $0.feedback.depth == Micrometres(depth) && $0.feedback.commandedDepth == Micrometres(depth)
      }
      #expect(arrived, "\(bench.feedback.depth.map(\.description) ?? "-") instead of \(depth) µm")
      #expect(bench.drive.depth == Micrometres(depth))
    }
    bench.wake(.moveDepth(Micrometres(2_001)))
    #expect(bench.feedback.rejected)
  }

  @Test(
    "While nothing changes the lease is renewed by ALIVE alone, once per polling period, for both controllers"
  )
  func renewal() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.spin(to: 100)
    bench.run(for: .milliseconds(500))
    bench.forget()
    bench.run(for: .seconds(10))
    let near = bench.payloads().filter { $0.bytes[0] != 4 && $0.bytes[0] != 91 }
    let far = bench.payloads(forwarded: true).filter { $0.bytes[0] != 4 && $0.bytes[0] != 91 }
    #expect(near.allSatisfy { $0.bytes == [30] })
    #expect(far.allSatisfy { $0.bytes == [30] })
    #expect((495...505).contains(near.count))
    #expect((495...505).contains(far.count))
    #expect(bench.drive.vesc?.near.expiries == 0)
    #expect(bench.feedback.rate == .hertz(100))
    #expect(bench.link.vesc.near.statistics.timeouts == 0)
  }

  @Test("A host that falls silent loses the motor after the controller's own time-out, and it coasts")
  func lossOfLink() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.spin(to: 100)
    bench.pass(until: bench.now + .milliseconds(121))
    #expect(bench.drive.vesc?.near.expiries == 1)
    #expect(bench.drive.camDemand == .free)
    // The loop comes back after more than its lease: the first packet is a stop.
    bench.forget()
    bench.wake()
    #expect(bench.payloads().first?.bytes == [6, 0, 0, 0, 0])
    #expect(bench.feedback.commandedRate == nil)
  }

  @Test("A stop is on the line in the wake that asks for it, for both controllers, at any moment") func stop()
    throws
  {
    for offset in stride(from: Int64(0), to: 40_000, by: 490) {
      var bench = try RotaryBench.vesc()
      bench.prepare()
      bench.spin(to: 100)
      bench.run(for: .microseconds(offset))
      bench.forget()
      let asked = bench.now
      bench.wake(.stop)
      #expect(bench.payloads().contains { $0.bytes == [6, 0, 0, 0, 0] && $0.at == asked }, "at \(offset) µs")
      #expect(
        bench.payloads(forwarded: true).contains { $0.bytes == [6, 0, 0, 0, 0] && $0.at == asked },
        "at \(offset) µs")
      #expect(bench.feedback.commandedRate == nil)
      #expect(bench.drive.camDemand == .free)
    }
  }

  @Test("A slower rate and the brake are, too; a faster rate waits for the limits to be read")
  func overtaking() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.spin(to: 100)
    bench.forget()
    let asked = bench.now
    bench.wake(.spin(.hertz(10)))
    #expect(bench.payloads().contains { $0.bytes[0] == 8 && $0.at == asked })
    bench.run(for: .milliseconds(200))
    bench.forget()
    bench.wake(.spin(.hertz(50)))
    bench.run(for: .milliseconds(50))
    let commands = bench.payloads().map { $0.bytes[0] }
    let speed = try #require(commands.firstIndex(of: 8))
    #expect(commands[..<speed].contains(91))
    bench.forget()
    let braked = bench.now
    bench.wake(.spin(.zero))
    // 0.8 A.
    #expect(bench.payloads().contains { $0.bytes == [7, 0, 0, 0x03, 0x20] && $0.at == braked })
  }

  @Test("A cam found turning is said to be, and let go before anything is set") func foundMoving() throws {
    var bench = try RotaryBench.vesc()
    bench.pass(until: .boot + .milliseconds(600))
    var rpm = VESCPayload(.setRPM)
    rpm.append(Int32(12_000))
    bench.drive.receive(VESCPacket(rpm).bytes(), at: bench.now)
    for _ in 0..<10 {
      bench.pass(until: bench.now + .milliseconds(20))
      bench.drive.receive(VESCPacket(VESCPayload(.alive)).bytes(), at: bench.now)
    }
    #expect(bench.camRate > 40)
    bench.connect()
    #expect(bench.foundMoving == 1)
    bench.run(for: .milliseconds(500))
    #expect(bench.camRate == 0)
  }

  @Test("A rate above the ceiling never reaches the line, nor any before the link is verified") func refused()
    throws
  {
    var bench = try RotaryBench.vesc()
    bench.wake(.spin(.hertz(50)))
    #expect(bench.feedback.rejected)
    bench.prepare()
    bench.forget()
    bench.wake(.spin(Millihertz(150_001)))
    #expect(bench.feedback.rejected)
    bench.run(for: .milliseconds(200))
    #expect(!bench.payloads().contains { $0.bytes[0] == 8 })
  }

  @Test("Bounds of the parameters are told by name") func problems() {
    func problem(_ change: (inout VESCLinkParameters) -> Void) -> VESCParameterProblem? {
      var parameters = VESCLinkParameters(
        depth: VESCDepthParameters(controller: 11), needle: VESCNeedleParameters(controller: 10),
        lease: .milliseconds(100))
      change(&parameters)
      return parameters.problem
    }
    #expect(problem { _ in } == nil)
    #expect(problem { $0.depth.controller = 10 } == .controllersEqual)
    #expect(problem { $0.depth.maximum = Micrometres(2_701) } == .depthRange)
    #expect(problem { $0.depth.maximum = Micrometres(2_700) } == nil)
    #expect(problem { $0.depth.minimum = Micrometres(-501) } == .depthRange)
    #expect(problem { $0.replyTimeout = .milliseconds(11) } == .pollingPeriod)
    #expect(problem { $0.needle?.polePairs = 0 } == .polePairs)
    #expect(problem { $0.needle?.maximumRate = .hertz(5_000) } == .rate)
    #expect(problem { $0.lease = .milliseconds(251) } == .lease)
    #expect(VESCParameterProblem.allCases.allSatisfy { !$0.explanation.isEmpty })
  }
}
