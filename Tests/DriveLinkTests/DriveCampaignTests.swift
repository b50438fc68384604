import DriveLink
import StrokeControl
import Testing
import Units
import VirtualHandpiece

/// Every kind of trouble in every phase of a rotary drive's work, on both protocols: each ends in the feedback it has to, within
/// its bound, and once the line is sound again all is well without a restart of the host.
@Suite("Drive fault campaign") struct DriveCampaignTests {
  enum Language: CaseIterable, Sendable { case tmcl, vesc }

  enum Phase: CaseIterable, Sendable {
    case connecting, resting, referencing, moving, spinningUp, turning, slowing, stopping
  }

  enum Trouble: CaseIterable, Sendable {
    case mute, deaf, late, corrupted, lossy, doubled, noisy, stale, garbled, restarted, unplugged, lying

    /// What the controller has to be told: that the link is gone, or that something was wrong; the others may pass unnoticed.
    var takesLinkDown: Bool {
      switch self {
      case .mute, .deaf, .garbled, .restarted, .unplugged: true
      case .late, .corrupted, .lossy, .doubled, .noisy, .stale, .lying: false
      }
    }
  }

  static func bench(_ language: Language, seed: UInt64) throws -> RotaryBench {
    switch language {
    case .tmcl: return .tmcl(seed: seed)
    case .vesc: return try .vesc(seed: seed)
    }
  }

  /// Brings the bench into the phase, with the last command just given.
  private func enter(_ phase: Phase, _ bench: inout RotaryBench, _ chance: inout SplitMix) {
    if phase == .connecting {
      bench.run(for: .microseconds(Int64(chance.next() % 120_000)))
      return
    }
    bench.prepare()
    switch phase {
    case .connecting, .resting: break
    case .referencing: bench.wake(.reference)
    case .moving: bench.wake(.moveDepth(Micrometres(1_500)))
    case .spinningUp: bench.wake(.spin(.hertz(100)))
    case .turning: bench.spin(to: 100)
    case .slowing:
      bench.spin(to: 100)
      bench.wake(.spin(.hertz(10)))
    case .stopping:
      bench.spin(to: 100)
      bench.wake(.stop)
    }
    bench.run(for: .microseconds(Int64(chance.next() % 30_000)))
  }

  private func begin(_ trouble: Trouble, _ bench: inout RotaryBench, _ chance: inout SplitMix) {
    switch trouble {
    case .mute: bench.drive.begin(.mute, at: bench.now)
    case .deaf: bench.drive.begin(.deaf, at: bench.now)
    case .late: bench.drive.begin(.late(.microseconds(Int64(chance.next() % 40_000))), at: bench.now)
    case .corrupted: bench.drive.begin(.corrupt(perMillion: 10_000), at: bench.now)
    case .lossy: bench.drive.begin(.losing(perMillion: 10_000), at: bench.now)
    case .doubled: bench.drive.begin(.doubling(perMillion: 200_000), at: bench.now)
    case .noisy: bench.drive.begin(.noisy(perMillion: 500_000), at: bench.now)
    case .stale: bench.drive.begin(.stale(replies: UInt32(1 + chance.next() % 3)), at: bench.now)
    case .garbled: bench.drive.begin(.garbled, at: bench.now)
    case .restarted: bench.drive.begin(.restart, at: bench.now)
    case .lying: bench.drive.begin(.lying(microsteps: 3_000), at: bench.now)
    case .unplugged:
      bench.isCut = true
      bench.link.lineFailed(at: bench.now)
    }
  }

  /// One lease of 100 ms until silence is noticed, and what the last exchange and the clock's slack may take.
  private static let bound = Nanoseconds.milliseconds(125)

  @Test(
    "Each trouble in each phase ends as it has to, and passes without a restart",
    arguments: Language.allCases, Phase.allCases)
  func campaign(language: Language, phase: Phase) throws {
    let seed = UInt64.random(in: 1...UInt64.max)
    var chance = SplitMix(state: seed)
    for trouble in Trouble.allCases {
      let place = "\(trouble) in \(phase), \(language), seed \(seed)"
      var bench = try Self.bench(language, seed: chance.next())
      enter(phase, &bench, &chance)
      begin(trouble, &bench, &chance)
      let began = bench.now
      if trouble.takesLinkDown {
        let down = bench.run(until: began + Self.bound) { $0.feedback.link != .verified }
        #expect(down, "still verified: \(place)")
        // The other controller on the line has its own silence.
        bench.run(until: began + Self.bound) { _ in false }
        #expect(bench.feedback.commandedRate == nil, "\(place)")
        #expect(!bench.feedback.limitsVerified && !bench.feedback.referenced, "\(place)")
      }
      // Whatever happens, a stop stops the cam: by the link, by the drive's own time-out, or by the torque that is taken away.
      bench.wake(.stop)
      bench.run(until: began + .milliseconds(400)) { _ in false }
      bench.drive.setTorque(false, at: bench.now)
      bench.run(for: .seconds(1))
      #expect(bench.camRate == 0, "turns: \(place)")
      recover(&bench, place)
    }
  }

  /// The line is sound again: the link finds its way back, and the drive does what it is told.
  private func recover(_ bench: inout RotaryBench, _ place: String) {
    bench.drive.repair()
    bench.isCut = false
    bench.drive.setTorque(true, at: bench.now)
    bench.run(for: .milliseconds(200))
    let verified = bench.run(until: bench.now + .seconds(2)) { $0.feedback.link == .verified }
    #expect(verified, "not verified again: \(place)")
    bench.wake(.reference)
    let referenced = bench.run(until: bench.now + .seconds(5)) { $0.feedback.referenced }
    #expect(referenced, "not referenced again: \(place)")
    bench.wake(.moveDepth(Micrometres(700)))
    bench.run(until: bench.now + .seconds(2)) {
      $0.feedback.depth == Micrometres(700) && $0.feedback.commandedDepth == Micrometres(700)
    }
    #expect(bench.feedback.depth == Micrometres(700), "\(place)")
    #expect(bench.drive.depth == Micrometres(700), "\(place)")
    bench.wake(.spin(.hertz(60)))
    bench.run(for: .seconds(1))
    #expect(abs(bench.camRate - 60) < 0.1, "\(bench.camRate) Hz: \(place)")
    #expect(bench.feedback.commandedRate == .hertz(60), "\(place)")
  }

  @Test(
    "Whatever the line does, the cam never turns faster than told and no rate is claimed that was not given")
  func nothingIsClaimed() throws {
    for language in Language.allCases {
      let seed = UInt64.random(in: 1...UInt64.max)
      var chance = SplitMix(state: seed)
      var bench = try Self.bench(language, seed: seed)
      bench.prepare()
      var fastest: Int32 = 0
      for round in 0..<150 {
        bench.drive.repair()
        if bench.isCut { bench.isCut = false }
        if chance.next() % 3 > 0 {
          let troubles = Trouble.allCases.filter { $0 != .lying }
          begin(troubles[Int(chance.next() % UInt64(troubles.count))], &bench, &chance)
        }
        switch chance.next() % 5 {
        case 0:
          bench.wake(.stop)
        case 1: bench.wake(.spin(.zero))
        default:
          let rate = Int32(5 + chance.next() % 140)
          bench.wake(.spin(.hertz(rate)))
          fastest = max(fastest, rate)
        }
        bench.run(for: .microseconds(Int64(1 + chance.next() % 300_000)))
        #expect(bench.camRate <= Double(fastest) + 0.1, "\(language), seed \(seed), round \(round)")
        if let commanded = bench.feedback.commandedRate {
          #expect(commanded <= .hertz(fastest), "\(language), seed \(seed), round \(round)")
        }
      }
    }
  }
}
