import NeedleSafety
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite struct ContactTests {
  @Test func aPressOpensOneContactAtOnceAndClosesTheOtherAfterTheTransit() {
    var longest: Int64 = 0
    var bounced = 0
    for seed in UInt64(0)..<200 {
      var bench = TorqueOn(seed: seed)
      bench.pass(to: .milliseconds(10))
      bench.handpiece.edges.removeAll()
      bench.handpiece.pedal(down: true)
      bench.pass(to: .milliseconds(50))
      let opened = bench.changes(of: .pedalNormallyClosed)
      let closed = bench.changes(of: .pedalNormallyOpen)
      #expect(opened.first == .init(at: 10_000_000, isHigh: false), "seed \(seed)")
      #expect(closed.first == .init(at: 12_000_000, isHigh: true), "seed \(seed)")
      #expect(opened.last?.isHigh == false, "seed \(seed)")
      #expect(closed.last?.isHigh == true, "seed \(seed)")
      for changes in [opened, closed] {
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $0.isHigh != $1.isHigh }, "seed \(seed)")
      }
      longest = max(longest, (closed.last?.at ?? 0) - 12_000_000)
      if closed.count > 1 { bounced += 1 }
    }
    #expect(longest <= 5_000_000)
    #expect(bounced > 100)
  }

  @Test func aReleaseInTheMiddleOfAPressEndsReleased() {
    for seed in UInt64(0)..<50 {
      var bench = TorqueOn(seed: seed)
      bench.pass(to: .milliseconds(10))
      bench.handpiece.pedal(down: true)
      bench.pass(to: .milliseconds(13))
      bench.handpiece.pedal(down: false)
      bench.pass(to: .milliseconds(50))
      #expect(!bench.handpiece.inputs.isHigh(.pedalNormallyOpen), "seed \(seed)")
      #expect(bench.handpiece.inputs.isHigh(.pedalNormallyClosed), "seed \(seed)")
    }
  }

  @Test func theEmergencyStopOpensWithoutBounceAndItsContactsWithinAMillisecond() {
    for seed in UInt64(0)..<50 {
      var bench = TorqueOn(seed: seed)
      bench.pass(to: .milliseconds(10))
      bench.handpiece.emergencyStop(open: true)
      bench.pass(to: .milliseconds(50))
      let edges = bench.changes(of: .emergencyStopA) + bench.changes(of: .emergencyStopB)
      #expect(edges.count == 2, "seed \(seed)")
      #expect(edges.contains { $0.at == 10_000_000 }, "seed \(seed)")
      #expect(edges.allSatisfy { !$0.isHigh && $0.at <= 11_000_000 }, "seed \(seed)")
    }
  }

  @Test func theOtherContactsFollowThePerson() {
    var handpiece = Handpiece(seed: 3, at: .boot)
    handpiece.guardCover(open: true)
    handpiece.cartridge(seated: false)
    handpiece.advance(to: Instant(sinceBoot: .milliseconds(20)))
    #expect(!handpiece.inputs.isHigh(.guardClosed))
    #expect(handpiece.inputs.isHigh(.cartridgeAbsent))
    handpiece.guardCover(open: false)
    handpiece.cartridge(seated: true)
    handpiece.emergencyStop(open: true)
    handpiece.advance(to: Instant(sinceBoot: .milliseconds(40)))
    handpiece.emergencyStop(open: false)
    handpiece.advance(to: Instant(sinceBoot: .milliseconds(60)))
    #expect(handpiece.inputs == .atRest)
  }
}
