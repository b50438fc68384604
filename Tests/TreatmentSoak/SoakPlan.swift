public import NeedleSafety
public import StrokeControl
public import Units
public import VirtualHandpiece

/// One treatment that is going to be simulated: the profile, the foot, and everything that goes wrong. One seed makes one
/// plan; a plan without some of its steps is a plan as well, which is what shrinking needs.
public struct SoakPlan: Sendable {
  public enum Happening: Sendable {
    case foot(down: Bool)
    case person(PersonAction)
    case stall(Nanoseconds)
    case refuseWrites(Nanoseconds)
    case failInputs(Nanoseconds)
    case closeSerial(Nanoseconds)
    case loseEdges(Int)
    /// The client's stop, and its other orders.
    case stop
    case disarm
    case settings(StrokeSettings)
    case zone(ZoneGrant)
    /// The recorder neither takes events nor renews its intent for this long.
    case recorderHangs(Nanoseconds)
  }

  public struct Step: Sendable {
    /// From the beginning of the treatment.
    public var at: Nanoseconds
    public var happening: Happening
  }

  public var seed: UInt64
  public var length: Nanoseconds
  public var latency: Nanoseconds
  public var settings: StrokeSettings
  public var steps: [Step] = []

  /// The plan of a seed.
  public init(seed: UInt64, length: Nanoseconds = .minutes(10)) {
    self.seed = seed
    self.length = length
    var chance = SeededGenerator(seed: seed)
    latency = .microseconds([0, 20, 60, 120][Int(chance.below(4))])
    settings = Self.settings(&chance)
    var at = Nanoseconds.seconds(3)
    while at < length {
      at += .milliseconds(100 + chance.below(1_500))
      let press = Self.pressLength(&chance)
      steps.append(Step(at: at, happening: .foot(down: true)))
      steps.append(Step(at: at + press, happening: .foot(down: false)))
      if chance.below(100) < 25 {
        // At any point of the press, to the nanosecond; or while nothing moves.
        let offset =
          chance.below(4) > 0 ? chance.duration(upTo: press) : press + chance.duration(upTo: .seconds(1))
        steps.append(Step(at: at + offset, happening: Self.mishap(&chance)))
        if chance.below(5) == 0 {
          // A second one close behind: faults while stopping.
          let gap = chance.duration(upTo: .milliseconds(30))
          steps.append(Step(at: at + offset + gap, happening: Self.mishap(&chance)))
        }
        at += .seconds(2)
      }
      at += press
    }
    steps.sort { $0.at < $1.at }
  }

  private static func pressLength(_ chance: inout SeededGenerator) -> Nanoseconds {
    switch chance.below(10) {
    case 0: .milliseconds(5 + chance.below(60))
    case 1...6: .milliseconds(100 + chance.below(1_500))
    default: .milliseconds(1_000 + chance.below(6_000))
    }
  }

  /// Settings that keep every ceiling with a margin for the wake's latency.
  static func settings(_ chance: inout SeededGenerator) -> StrokeSettings {
    let rate = 50 + chance.below(95)
    let period = Nanoseconds(1_000_000_000 / rate)
    let longest = Nanoseconds(min(period.percent(55).count, 9_500_000)) - .milliseconds(2)
    let isDot = chance.below(2) == 0
    return StrokeSettings(
      mode: isDot ? .dot : .continuous, rate: .hertz(Int32(rate)),
      depth: Micrometres(300 + Int32(chance.below(7)) * 100),
      dwell: Nanoseconds(chance.below(max(1, longest.count))), strokesPerDot: 1 + Int32(chance.below(4)),
      dotRate: isDot && chance.below(2) == 0 ? .hertz(1 + Int32(chance.below(5))) : .zero)
  }

  private static func mishap(_ chance: inout SeededGenerator) -> Happening {
    switch chance.below(16) {
    case 0: .person(.emergencyStop(open: true))
    case 1: .person(.guardCover(open: true))
    case 2: .person(.cartridge(seated: false))
    case 3, 4: .person(.inject(.handpiece(wiring(&chance)), after: .zero))
    case 5: .person(.inject(.handpiece(mechanical(&chance)), after: .zero))
    case 6, 7: .person(.inject(.drive(drive(&chance)), after: .zero))
    case 8, 9: .stall(.milliseconds(1 + chance.below(chance.below(2) == 0 ? 30 : 500)))
    case 10: .refuseWrites(.milliseconds(1 + chance.below(200)))
    case 11: .failInputs(.milliseconds(1 + chance.below(200)))
    case 12: chance.below(2) == 0 ? .closeSerial(.milliseconds(1 + chance.below(500))) : .loseEdges(1)
    case 13: chance.below(2) == 0 ? .stop : .disarm
    case 14: .recorderHangs(.milliseconds(100 + chance.below(20_000)))
    default: chance.below(2) == 0 ? .settings(settings(&chance)) : .zone(zone(&chance))
    }
  }

  private static func zone(_ chance: inout SeededGenerator) -> ZoneGrant {
    let zone = Zone.allCases[Int(chance.below(Int64(Zone.allCases.count)))]
    let budget = chance.below(3) == 0 ? chance.below(20) : 1_000_000
    return ZoneGrant(zone: zone, depthGroup: DepthGroup(zone: zone, attributes: []), dotsRemaining: budget)
  }

  private static func wiring(_ chance: inout SeededGenerator) -> HandpieceFault {
    let signal = InputSignal.allCases[Int(chance.below(Int64(InputSignal.allCases.count)))]
    let output = OutputSignal.allCases[Int(chance.below(4))]
    switch chance.below(8) {
    case 0: return .stuck(signal, high: true)
    case 1: return .stuck(signal, high: false)
    case 2: return .noisy(signal)
    case 3: return .bouncing(signal)
    case 4: return .inputOpen(signal)
    case 5: return .inputShorted(signal)
    case 6: return .outputOpen(output)
    default: return .outputShorted(output)
    }
  }

  private static func mechanical(_ chance: inout SeededGenerator) -> HandpieceFault {
    switch chance.below(7) {
    case 0: .oneShotPassesThrough
    case 1: .oneShotDead
    case 2: .watchdogDead
    case 3: .springBroken
    case 4: .needleJammed
    case 5: .coilWeak(percent: UInt8(chance.below(90)))
    default: .driveFault
    }
  }

  private static func drive(_ chance: inout SeededGenerator) -> DriveFault {
    switch chance.below(7) {
    case 0: .mute
    case 1: .deaf
    case 2: .late(.milliseconds(1 + chance.below(150)))
    case 3: .corrupt(perMillion: UInt32(1_000 + chance.below(50_000)))
    case 4: .losing(perMillion: UInt32(1_000 + chance.below(50_000)))
    case 5: .lying(microsteps: Int32(chance.below(40_000)) - 20_000)
    default: .restart
    }
  }
}

extension SoakPlan {
  /// The plan as a person reads it, one step a line.
  public var text: String {
    let head =
      "seed \(seed), \(settings.mode.name), \(settings.rate), wakes up to \(latency.inMicroseconds) µs late"
    return ([head] + steps.map { "  \($0.at.inMicroseconds) µs: \($0.happening)" }).joined(separator: "\n")
  }
}
