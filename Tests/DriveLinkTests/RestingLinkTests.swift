import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("A drive at rest") struct RestingLinkTests {
  @Test("At rest a module is read once in 190 ms, and every fourth time one of its settings with it")
  func period() {
    var bench = TMCLBench.resting(for: .milliseconds(200))
    bench.forget()
    bench.stand(for: .milliseconds(2_280))
    let reads = bench.sent.filter {
      $0.request.instruction == .getAxis && $0.request.type == TMCLAxisParameter.actualPosition
    }
    #expect(zip(reads.dropFirst(), reads).allSatisfy { $0.at - $1.at == .milliseconds(190) })
    #expect(reads.count == 12)
    #expect(bench.sent.count == 30)
    #expect(bench.feedback.link == .verified)
    #expect(bench.link.statistics.timeouts == 0)
  }

  @Test("At rest its lease lapses, and silence may last 250 ms") func silence() {
    var bench = TMCLBench.resting(for: .seconds(1))
    #expect(bench.device.heartbeatExpiries > 0)
    bench.forget()
    let heard = bench.link.statistics.lastReply ?? .boot
    bench.cutIn = true
    bench.stand(for: .seconds(1))
    #expect(bench.downAt == heard + .milliseconds(250))
  }

  @Test(
    "When something is to move again the module is read at once and goes on, whenever that is",
    arguments: Array(stride(from: Int64(0), to: 190, by: 7)))
  func rises(after milliseconds: Int64) {
    var bench = TMCLBench.resting(for: .milliseconds(400 + milliseconds))
    bench.forget()
    bench.link.rest(false, at: bench.now)
    let before = bench.now
    bench.run(for: .milliseconds(5))
    #expect(bench.feedback.depthAt >= before)
    bench.move(to: 500)
    #expect(bench.downAt == nil)
    #expect(bench.link.statistics.timeouts == 0)
  }

  @Test(
    "A module that fell silent at rest is missed 80 ms after something is to move, and not later",
    arguments: Array(stride(from: Int64(60), to: 180, by: 13)))
  func missed(after milliseconds: Int64) {
    var bench = TMCLBench.resting(for: .milliseconds(400))
    // Between two readings: one that is under way when the line is cut fails sooner, by its retries.
    let isQuiet = bench.run(until: bench.now + .milliseconds(300)) {
      $0.link.statistics.lastReply == $0.now && $0.link.deadline > $0.now + .milliseconds(100)
    }
    #expect(isQuiet)
    let heard = bench.now
    bench.cutIn = true
    bench.stand(for: heard + .milliseconds(milliseconds) - bench.now)
    bench.forget()
    bench.link.rest(false, at: bench.now)
    let risen = bench.now
    bench.run(for: .milliseconds(200))
    #expect(bench.downAt == risen + .milliseconds(80))
    #expect(bench.feedback.depth == nil)
  }

  @Test("A module that restarts at rest has to be proved again") func restart() {
    var bench = TMCLBench.resting(for: .milliseconds(500))
    bench.device.restart(at: bench.now)
    let isNoticed = bench.run(until: bench.now + .milliseconds(400)) {
      !$0.feedback.referenced && $0.feedback.link != .verified
    }
    #expect(isNoticed)
  }

  @Test("Two modules on one line are asked less often at rest, and both go on afterwards") func bus() {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.run(for: .seconds(1))
    bench.forget()
    bench.run(for: .seconds(2))
    let awake = bench.sent.count
    bench.link.rest(true, at: bench.now)
    bench.forget()
    bench.run(for: .seconds(2))
    #expect(bench.sent.count * 3 < awake, "\(bench.sent.count) at rest, \(awake) before")
    bench.link.rest(false, at: bench.now)
    bench.spin(to: 100)
    #expect(bench.losses == 0)
  }

  @Test("At rest the controllers' lease is not renewed for longer than it lasts, and both go on afterwards")
  func vesc() throws {
    var bench = try RotaryBench.vesc()
    bench.prepare()
    bench.run(for: .seconds(1))
    bench.link.rest(true, at: bench.now)
    bench.forget()
    bench.run(for: .seconds(2))
    let renewals = bench.payloads().filter { $0.bytes == [30] }
    // One in 170 ms: 250 ms less four reply time-outs of 10 ms for each of the two.
    #expect((10...13).contains(renewals.count), "\(renewals.count)")
    #expect(bench.feedback.link == .verified)
    bench.link.rest(false, at: bench.now)
    bench.spin(to: 100)
    #expect(bench.losses == 0)
  }
}

extension TMCLBench {
  /// One whose module has been at rest for so long.
  fileprivate static func resting(for duration: Nanoseconds) -> Self {
    var bench = Self()
    bench.prepare()
    bench.link.rest(true, at: bench.now)
    bench.stand(for: duration)
    return bench
  }

  /// Lets `duration` pass in standby: the loop wakes every 10 ms at the latest.
  fileprivate mutating func stand(for duration: Nanoseconds) {
    let end = now + duration
    while now < end { run(until: end.earlier(of: now + .milliseconds(10))) }
  }
}
