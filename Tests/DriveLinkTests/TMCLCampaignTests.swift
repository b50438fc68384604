import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// Every kind of trouble for a while, at random instants; then the line is sound again and all must be well.
@Suite("TMCL link fault campaign") struct TMCLCampaignTests {
  enum Trouble: CaseIterable, Sendable {
    case mute, deaf, late, corrupted, lossy, duplicated, garbage, damagedRequests, held, restarted, unplugged
  }

  static func apply(_ trouble: Trouble, to bench: inout TMCLBench, _ generator: inout SplitMix) {
    switch trouble {
    case .mute: bench.device.faults.mute = true
    case .deaf: bench.device.faults.deaf = true
    case .late: bench.device.faults.extraDelay = .microseconds(Int64(generator.next() % 60_000))
    case .corrupted: bench.device.faults.corruptedPerMillion = 10_000
    case .lossy: bench.device.faults.lostPerMillion = 10_000
    case .duplicated: bench.device.faults.duplicatedPerMillion = 200_000
    case .garbage: bench.device.faults.garbagePerMillion = 500_000
    case .damagedRequests: bench.damagedPerMillion = 100_000
    case .held: bench.device.faults.heldReplies = Int(1 + generator.next() % 3)
    case .restarted: bench.device.restart(at: bench.now)
    case .unplugged:
      bench.cutIn = true
      bench.cutOut = true
      bench.link.lineFailed(at: bench.now)
    }
  }

  static func heal(_ bench: inout TMCLBench) {
    let position = bench.device.faults.positionError
    bench.device.faults = ControllerFaults(seed: bench.noise.next())
    bench.device.faults.positionError = position
    bench.damagedPerMillion = 0
    bench.cutIn = false
    bench.cutOut = false
  }

  @Test(
    "After any trouble the link verifies itself within a second and its depth is the true one",
    arguments: Trouble.allCases)
  func everyTroubleEnds(trouble: Trouble) {
    let seed = UInt64.random(in: 1...UInt64.max)
    var generator = SplitMix(state: seed)
    var bench = TMCLBench(seed: seed)
    bench.prepare()
    for round in 0..<20 {
      Self.apply(trouble, to: &bench, &generator)
      if generator.next() % 2 == 0 { bench.wake(.moveDepth(Micrometres(Int32(generator.next() % 2_001)))) }
      bench.run(for: .microseconds(Int64(1 + generator.next() % 300_000)))
      Self.heal(&bench)
      // A torn or late reply may still be under way.
      bench.run(for: .milliseconds(200))
      let verified = bench.run(until: bench.now + .seconds(1)) { $0.feedback.link == .verified }
      #expect(verified, "seed \(seed), round \(round): \(bench.link.feedback.link.name)")
      if !bench.feedback.referenced {
        bench.wake(.reference)
        let found = bench.run(until: bench.now + .seconds(5)) { $0.feedback.referenced }
        #expect(found, "seed \(seed), round \(round): not referenced")
      }
      let depth = Micrometres(Int32(generator.next() % 2_001))
      bench.wake(.moveDepth(depth))
      bench.run(for: .seconds(2))
      #expect(bench.feedback.commandedDepth == depth, "seed \(seed), round \(round)")
      #expect(bench.feedback.depth == depth, "seed \(seed), round \(round)")
      #expect(bench.trueDepth == depth.count, "seed \(seed), round \(round)")
    }
  }

  @Test(
    "Whatever the line does, the axis never leaves the commanded range and the link never claims what is not so"
  )
  func nothingIsClaimed() {
    let seed = UInt64.random(in: 1...UInt64.max)
    var generator = SplitMix(state: seed)
    var bench = TMCLBench(seed: seed)
    bench.prepare()
    for round in 0..<400 {
      Self.heal(&bench)
      if generator.next() % 3 > 0 {
        let troubles = Trouble.allCases
        Self.apply(troubles[Int(generator.next() % UInt64(troubles.count))], to: &bench, &generator)
      }
      switch generator.next() % 5 {
      case 0: bench.wake(.stop)
      case 1: bench.wake(.reference)
      default: bench.wake(.moveDepth(Micrometres(Int32(generator.next() % 2_001))))
      }
      bench.run(for: .microseconds(Int64(1 + generator.next() % 400_000)))
      if !bench.feedback.referenced { continue }
      #expect(
        bench.trueDepth >= -10 && bench.trueDepth <= 2_000,
        "seed \(seed), round \(round): \(bench.trueDepth) µm")
      #expect(bench.feedback.link == .verified, "seed \(seed), round \(round)")
    }
  }
}
