import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("VESC link under faults") struct VESCFaultTests {
  @Test(
    "A controller whose settings are not what the machine needs is refused, and taken once they are",
    arguments: [
      (0, DriveTrouble(.timeoutOff)), (101, DriveTrouble(.timeoutTooLong, figure: 101)),
      (1_000, DriveTrouble(.timeoutTooLong, figure: 1_000)), (59, DriveTrouble(.timeoutTooShort, figure: 59)),
    ] as [(UInt32, DriveTrouble)])
  func timeouts(timeout: UInt32, trouble: DriveTrouble) throws {
    var bench = try RotaryBench.vesc { _ in
    } device: {
      $0.timeout = timeout
    }
    bench.run(for: .seconds(2))
    #expect(bench.feedback.link != .verified)
    #expect(!bench.feedback.lossOfLinkVerified)
    #expect(bench.feedback.trouble == trouble)
    #expect(bench.rejections > 0)
    bench.drive.changeVESC { $0.near.parameters.timeout = 100 }
    bench.connect()
    #expect(bench.feedback.trouble == .none)
  }

  @Test("Other poles, another number, another layout of the settings: each is refused by name") func others()
    throws
  {
    var poles = try RotaryBench.vesc { _ in
    } device: {
      $0.polePairs = 7
    }
    poles.run(for: .seconds(1))
    #expect(poles.feedback.trouble == DriveTrouble(.poles, figure: 14))
    var number = try RotaryBench.vesc { _ in
    } device: {
      $0.number = 12
    }
    number.run(for: .seconds(1))
    #expect(number.feedback.trouble == DriveTrouble(.stranger, figure: 12))
    var layout = try RotaryBench.vesc { _ in
    } device: {
      $0.firmware.appSignature = 4_711
    }
    layout.run(for: .seconds(1))
    #expect(layout.feedback.trouble == DriveTrouble(.settingsLayout))
    var current = try RotaryBench.vesc { _ in
    } device: {
      $0.greatestCurrent = .nan
    }
    current.run(for: .seconds(1))
    #expect(current.feedback.trouble == DriveTrouble(.current))
    var version = try RotaryBench.vesc { _ in
    } device: {
      $0.firmware.minor = 9
    }
    version.run(for: .seconds(1))
    #expect(version.feedback.trouble == DriveTrouble(.firmware, figure: 609))
    for var bench in [poles, number, layout, current, version] { #expect(bench.feedback.link != .verified) }
  }

  @Test("A controller that never comes up behind the CAN bus leaves the machine without a link") func noFar()
    throws
  {
    var bench = try RotaryBench.vesc()
    bench.drive.changeVESC { $0.far = nil }
    bench.run(for: .seconds(2))
    #expect(bench.feedback.link == .down)
    #expect(bench.link.vesc.near.feedback.link == .verified)
  }

  @Test("Mute controllers are down after the lease, in the same nanosecond") func mute() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.spin(to: 100)
    bench.drive.begin(.mute, at: bench.now)
    bench.run(for: .milliseconds(2))
    bench.forget()
    let heard = try #require(bench.link.vesc.near.statistics.lastReply)
    let farHeard = try #require(bench.link.vesc.far.statistics.lastReply)
    bench.run(until: bench.now + .seconds(1)) { $0.feedback.link == .down }
    #expect(bench.now == heard.earlier(of: farHeard) + .milliseconds(100))
    bench.run(for: .milliseconds(50))
    #expect(bench.feedback.rate == nil)
    #expect(bench.feedback.commandedRate == nil)
    #expect(!bench.feedback.referenced)
  }

  @Test(
    "A controller that restarts is noticed within two polling periods of its voice, and not sped up unproved")
  func restart() throws {
    var bench = try RotaryBench.vesc()
    bench.drive.changeVESC {
      $0.near.parameters.bootTime = .milliseconds(5)
      $0.far?.parameters.bootTime = .milliseconds(5)
    }
    bench.prepare()
    bench.spin(to: 50)
    bench.forget()
    bench.drive.restart(at: bench.now)
    bench.wake(.spin(.hertz(100)))
    bench.run(for: .milliseconds(60))
    #expect(bench.losses == 1)
    #expect(!bench.payloads().contains { $0.bytes[0] == 8 })
    #expect(bench.link.vesc.near.statistics.resets == 1)
    bench.connect()
  }

  @Test("A fault that the controller reports is a rejection in the next reading") func fault() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.forget()
    bench.drive.changeVESC { $0.near.fault = 4 }
    bench.run(for: .milliseconds(45))
    #expect(bench.rejections >= 1)
    #expect(bench.link.vesc.near.statistics.lastFault == 4)
  }

  @Test("A stop or a rate whose packet was lost is written again until the controller follows")
  func lostCommands() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.drive.begin(.deaf, at: bench.now)
    bench.wake(.spin(.hertz(100)))
    bench.drive.repair()
    bench.run(for: .seconds(1))
    #expect(abs(bench.camRate - 100) < 1)
    bench.drive.begin(.deaf, at: bench.now)
    bench.wake(.stop)
    bench.drive.repair()
    bench.run(for: .seconds(1))
    #expect(bench.camRate == 0)
    #expect(bench.link.vesc.near.statistics.repeated > 0)
  }

  @Test("A depth that no axis of this speed can have reached is read again before it is believed")
  func implausible() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    let depth = bench.feedback.depth
    bench.drive.begin(.lying(microsteps: 21_350), at: bench.now)
    bench.run(until: bench.now + .milliseconds(100)) { $0.link.vesc.far.statistics.doubted == 1 }
    #expect(bench.feedback.depth == depth)
    bench.run(for: .milliseconds(100))
    // A real jump is still there: 21,350 at 51,200 to the millimetre.
    #expect(bench.feedback.depth == depth.map { $0 + Micrometres(417) })
  }
}
