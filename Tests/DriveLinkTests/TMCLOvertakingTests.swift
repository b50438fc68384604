import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// What must not wait does not: from the command to the frame at most 5 ms, whatever the line is busy with.
@Suite("Overtaking on a TMCL line") struct TMCLOvertakingTests {
  private func isSlower(_ request: TMCLRequest) -> Bool {
    request.instruction == .stop || (request.instruction == .rotateRight && request.value <= 300)
  }

  @Test("A slower rate is on the line within 2 ms at any moment of the polling") func slower() {
    for offset in stride(from: Int64(0), to: 40_000, by: 310) {
      var bench = RotaryBench.tmcl()
      bench.prepare()
      bench.spin(to: 100)
      bench.run(for: .microseconds(offset))
      bench.forget()
      let asked = bench.now
      bench.wake(.spin(.hertz(5)))
      bench.run(for: .milliseconds(20))
      let first = bench.requests(to: 3).first { isSlower($0.request) }
      #expect(first.map { $0.at - asked <= .milliseconds(2) } == true, "at \(offset) µs")
      bench.run(for: .milliseconds(20))
      #expect(bench.feedback.commandedRate == .hertz(5), "at \(offset) µs")
    }
  }

  @Test("A stop reaches both modules within 5 ms, the needle first") func stop() {
    for offset in stride(from: Int64(0), to: 40_000, by: 310) {
      var bench = RotaryBench.tmcl()
      bench.prepare()
      bench.spin(to: 100)
      bench.run(for: .microseconds(offset))
      bench.forget()
      let asked = bench.now
      bench.wake(.stop)
      #expect(bench.feedback.commandedRate == nil)
      bench.run(for: .milliseconds(20))
      let needle = bench.requests(to: 3).first { $0.request.instruction == .stop }
      let depth = bench.requests(to: 1).first { $0.request.instruction == .stop }
      #expect(needle.map { $0.at - asked <= .milliseconds(2) } == true, "at \(offset) µs")
      #expect(depth.map { $0.at - asked <= .milliseconds(5) } == true, "at \(offset) µs")
      bench.run(for: .milliseconds(200))
      #expect(bench.camRate == 0)
    }
  }

  @Test(
    "Nor does trouble on the line hold a slower rate up",
    arguments: [
      DriveFault.mute, .late(.milliseconds(7)), .late(.milliseconds(30)), .corrupt(perMillion: 100_000),
      .losing(perMillion: 100_000), .noisy(perMillion: 1_000_000), .doubling(perMillion: 1_000_000),
      .stale(replies: 2), .garbled,
    ])
  func inTrouble(fault: DriveFault) {
    for offset in stride(from: Int64(0), to: 60_000, by: 1_730) {
      var bench = RotaryBench.tmcl(seed: UInt64(offset) + 7)
      bench.prepare()
      bench.spin(to: 100)
      bench.drive.begin(fault, at: bench.now)
      bench.run(for: .microseconds(offset))
      guard bench.feedback.link == .verified else { continue }
      bench.forget()
      let asked = bench.now
      bench.wake(.spin(.hertz(5)))
      bench.run(for: .milliseconds(10))
      let first = bench.requests(to: 3).first { isSlower($0.request) }
      #expect(first.map { $0.at - asked <= .milliseconds(5) } == true, "\(fault) at \(offset) µs")
    }
  }

  @Test("A slower rate that overtakes an unanswered one stops first: their replies look alike")
  func afterUnansweredRate() {
    var bench = RotaryBench.tmcl()
    bench.prepare()
    bench.run(for: .milliseconds(100))
    bench.forget()
    bench.drive.begin(.late(.milliseconds(6)), at: bench.now)
    bench.wake(.spin(.hertz(100)))
    bench.run(until: bench.now + .milliseconds(30)) {
      $0.requests(to: 3).contains { $0.request.instruction == .rotateRight }
    }
    bench.wake(.spin(.hertz(5)))
    bench.run(for: .milliseconds(3))
    let motions = bench.requests(to: 3).map(\.request).filter {
      $0.instruction == .rotateRight || $0.instruction == .stop
    }
    #expect(motions.map(\.instruction.number).prefix(2) == [1, 3])
    #expect(bench.feedback.commandedRate == nil)
    bench.drive.repair()
    bench.run(for: .milliseconds(200))
    #expect(bench.feedback.commandedRate == .hertz(5))
    #expect(bench.drive.camDemand == .run(rate: .hertz(5), acceleration: 1_000))
  }
}
