import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

@Suite("TMCL link against the virtual module") struct TMCLLinkTests {
  @Test(
    "Connecting takes 28 round trips of 1.8 ms: identify, speed, stop, 11 limits each with read-back, lease, clock"
  )
  func connects() {
    var bench = TMCLBench()
    bench.connect()
    #expect(bench.now == microseconds(50_400))
    #expect(bench.link.statistics.roundTrips == 28)
    #expect(bench.link.identity?.moduleNumber == 1_240)
    #expect(bench.feedback.limitsVerified)
    #expect(bench.feedback.lossOfLinkVerified)
    #expect(!bench.feedback.referenced)
    #expect(bench.link.statistics.longestRoundTrip == .microseconds(1_800))
    #expect(bench.rejections == 0)
  }

  @Test("The first frames ask who is there, whether it moves, and stop it")
  func firstFrames() {
    var bench = TMCLBench()
    bench.connect()
    let first = bench.sent.prefix(3).map { [$0.request.instruction.number, $0.request.type] }
    #expect(first == [[136, 1], [6, 3], [3, 0]])
  }

  @Test("Each setting is written and read back before the next, and the lease is 100 ms")
  func settings() {
    var bench = TMCLBench()
    bench.connect()
    let written = bench.sent.filter { $0.request.instruction == .setAxis }.map {
      [Int32($0.request.type), $0.request.value]
    }
    #expect(
      written == [
        [140, 8], [255, 1], [4, 256_000], [5, 2_560_000], [17, 2_560_000], [194, 102_400], [195, 10_240],
        [6, 38], [7, 10], [13, 0], [193, 1],
      ])
    let lease = bench.sent.first { $0.request.instruction == .setGlobal }?.request
    #expect(lease == TMCLRequest(address: 1, .setGlobal, type: 68, motor: 0, value: 100))
  }

  @Test("A TMCM-1140 gets its speeds in controller units, rounded down")
  func controllerUnits() {
    var bench = TMCLBench(family: .tmcm1140)
    bench.connect()
    let written = bench.sent.filter { $0.request.instruction == .setAxis }.map {
      [Int32($0.request.type), $0.request.value]
    }
    // 256,000 microsteps/s × 2^0 × 65,536 / 16 MHz = 1,048; 2,560,000 × 2^(0+9+29) / (16 MHz)² = 2,748 is above 2,047, so
    // the ramp divisor is 8 and the value 1,374.
    #expect(
      written == [
        [140, 8], [154, 0], [153, 8], [4, 1_048], [5, 1_374], [194, 419], [195, 41], [6, 38], [7, 10],
        [13, 0], [193, 1],
      ])
    #expect(bench.feedback.lossOfLinkVerified)
  }

  @Test("Supervision reads the position every 20 ms")
  func pollingPeriod() {
    var bench = TMCLBench()
    bench.connect()
    bench.forget()
    bench.run(for: .milliseconds(200))
    let reads = bench.sent.filter {
      $0.request.instruction == .getAxis && $0.request.type == TMCLAxisParameter.actualPosition
    }
    #expect(reads.count == 10)
    let gaps = zip(reads.dropFirst(), reads).map { $0.at - $1.at }
    #expect(gaps.allSatisfy { $0 == .milliseconds(20) })
  }

  @Test("Neighbouring requests never carry the same instruction for different parameters")
  func alternation() {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: 500)
    bench.run(for: .seconds(2))
    for (earlier, later) in zip(bench.sent, bench.sent.dropFirst())
    where earlier.request.instruction == later.request.instruction {
      #expect(earlier.request == later.request)
    }
  }

  @Test("A search ends referenced, with the needle at its zero")
  func reference() {
    var bench = TMCLBench()
    bench.prepare()
    #expect(bench.feedback.depth == Micrometres(0))
    #expect(bench.trueDepth == 0)
    #expect(bench.feedback.commandedDepth == nil)
  }

  @Test("A depth is commanded, reached and measured", arguments: [Int32(1), 450, 1_000, 2_000])
  func moves(depth: Int32) {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: depth)
    #expect(bench.feedback.commandedDepth == Micrometres(depth))
    #expect(bench.trueDepth == depth)
    #expect(bench.rejections == 0)
  }

  @Test("An axis that counts backwards and does not start at zero depth is converted both ways")
  func invertedAxis() {
    var bench = TMCLBench {
      $0.microstepsPerMillimetre = -51_200
      $0.depthAtReference = Micrometres(2_500)
    }
    bench.prepare()
    #expect(bench.feedback.depth == Micrometres(2_500))
    bench.wake(.moveDepth(Micrometres(1_500)))
    bench.run(for: .seconds(1))
    #expect(bench.feedback.depth == Micrometres(1_500))
    #expect(bench.trueDepth == 1_000)
  }

  @Test(
    "A depth outside the range never reaches the line", arguments: [Int32(-1), 2_001, .max, .min])
  func refusedDepth(depth: Int32) {
    var bench = TMCLBench()
    bench.prepare()
    bench.forget()
    bench.wake(.moveDepth(Micrometres(depth)))
    #expect(bench.feedback.rejected)
    bench.run(for: .milliseconds(100))
    #expect(!bench.sent.contains { $0.request.instruction == .move })
    #expect(bench.link.statistics.refused == 1)
    #expect(bench.trueDepth == 0)
  }

  @Test("Without a reference no depth is commanded, and without a link no reference is searched")
  func refusedByState() {
    var bench = TMCLBench()
    bench.wake(.reference)
    #expect(bench.feedback.rejected)
    bench.connect()
    bench.wake(.moveDepth(Micrometres(100)))
    #expect(bench.feedback.rejected)
    bench.run(for: .milliseconds(100))
    #expect(!bench.sent.contains { $0.request.instruction == .move })
    #expect(!bench.sent.contains { $0.request.instruction == .referenceSearch && $0.request.type == 0 })
  }

  @Test("A stop on an idle line is sent at once and ends a motion where it is")
  func stops() {
    var bench = TMCLBench()
    bench.prepare()
    bench.wake(.moveDepth(Micrometres(2_000)))
    bench.run(for: .milliseconds(150))
    bench.run(until: bench.now + .milliseconds(50)) { $0.link.deadline > $0.now + .milliseconds(15) }
    let start = bench.now
    bench.forget()
    bench.wake(.stop)
    #expect(bench.sent.first?.at == start)
    #expect(bench.sent.first?.request.instruction == .stop)
    bench.run(for: .milliseconds(200))
    let place = bench.trueDepth
    #expect(place > 100 && place < 2_000)
    #expect(bench.feedback.commandedDepth == nil)
    bench.run(for: .milliseconds(500))
    #expect(bench.trueDepth == place)
    #expect(bench.feedback.depth == Micrometres(place))
    #expect(bench.feedback.referenced)
  }

  @Test("A stop overtakes an unanswered request after 2 ms")
  func stopOvertakes() {
    var bench = TMCLBench()
    bench.prepare()
    bench.device.faults.mute = true
    bench.run(for: .milliseconds(5))
    bench.forget()
    bench.run(until: bench.now + .milliseconds(100)) { $0.sent.last?.at == $0.now }
    let asked = bench.now
    bench.forget()
    bench.wake(.stop)
    #expect(bench.sent.isEmpty)
    bench.run(until: asked + .milliseconds(3))
    #expect(bench.sent.first?.at == asked + .milliseconds(2))
    #expect(bench.sent.first?.request.instruction == .stop)
    #expect(bench.link.statistics.preempted == 1)
  }

  @Test("A stop during a search ends the search too, and nothing is referenced")
  func stopDuringSearch() {
    var bench = TMCLBench()
    bench.connect()
    bench.wake(.reference)
    bench.run(for: .milliseconds(50))
    bench.forget()
    bench.wake(.stop)
    bench.run(for: .seconds(3))
    let stops = bench.sent.filter {
      $0.request.instruction == .stop || ($0.request.instruction == .referenceSearch && $0.request.type == 1)
    }
    #expect(stops.map(\.request.instruction.number) == [3, 13, 3])
    #expect(!bench.feedback.referenced)
    #expect(!bench.device.axis.isSearching)
    #expect(bench.trueDepth > 0)
  }

  @Test("A stop repeated at every step does not crowd out supervision")
  func repeatedStops() {
    var bench = TMCLBench()
    bench.prepare()
    bench.forget()
    let end = bench.now + .milliseconds(500)
    while bench.now < end {
      bench.wake(.stop)
      bench.now += .milliseconds(1)
      bench.device.advance(to: bench.now)
    }
    let stops = bench.sent.count { $0.request.instruction == .stop }
    let reads = bench.sent.count { $0.request.instruction == .getAxis }
    #expect(stops > 15 && stops <= 26)
    #expect(reads > 15)
    #expect(bench.feedback.link == .verified)
  }

  @Test("A stop that reaches a resting axis leaves the commanded depth known")
  func stopAtRest() {
    var bench = TMCLBench()
    bench.prepare()
    bench.move(to: 600)
    bench.wake(.stop)
    bench.run(for: .milliseconds(100))
    #expect(bench.feedback.commandedDepth == Micrometres(600))
  }
}
