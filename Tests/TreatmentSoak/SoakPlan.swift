public import NeedleSafety
import StrokeControl
public import Units
import VirtualHandpiece

/// One treatment that is going to be simulated: the profile, the foot, and everything that goes wrong. One seed makes one
/// plan; a plan without some of its steps is a plan as well, which is what shrinking needs.
public struct SoakPlan: Sendable {
  public struct Step: Sendable {
    /// From the beginning of the treatment.
    public var at: Nanoseconds
    public var happening: SoakHappening

    public init(at: Nanoseconds, happening: SoakHappening) {
      self.at = at
      self.happening = happening
    }
  }

  public var seed: UInt64
  /// Odd seeds are linear machines, even ones rotary.
  public var machine: SoakMachine
  public var length: Nanoseconds
  public var latency: Nanoseconds
  /// How many events their ring holds: the product's depth, or so few that a recorder that is deaf loses some.
  public var eventCapacity: Int
  public var settings: StrokeSettings
  public var steps: [Step] = []

  /// The plan of a seed.
  public init(seed: UInt64, length: Nanoseconds = .minutes(10)) {
    self.seed = seed
    machine = seed % 2 == 0 ? .rotary : .linear
    self.length = length
    var chance = SeededGenerator(seed: seed)
    latency = .microseconds([0, 20, 60, 120][Int(chance.below(4))])
    eventCapacity = chance.below(2) > 0 ? 16_384 : 64
    settings = Self.settings(machine, &chance)
    var at = Nanoseconds.seconds(3)
    while at < length {
      at += .milliseconds(100 + chance.below(1_500))
      let press = Self.pressLength(&chance)
      steps.append(Step(at: at, happening: .foot(down: true)))
      steps.append(Step(at: at + press, happening: .foot(down: false)))
      if chance.below(100) < 26 {
        // At any point of the press, to the nanosecond; or while nothing moves.
        let offset =
          chance.below(4) > 0 ? chance.duration(upTo: press) : press + chance.duration(upTo: .seconds(1))
        steps.append(Step(at: at + offset, happening: .mishap(machine, &chance)))
        if chance.below(5) == 0 {
          // A second one close behind: faults while stopping.
          let gap = chance.duration(upTo: .milliseconds(30))
          steps.append(Step(at: at + offset + gap, happening: .mishap(machine, &chance)))
        } else if chance.below(8) == 0 {
          // Or it passes by itself: a coil that falters for one stroke, a contact that comes back.
          let gap = chance.duration(upTo: .milliseconds(15))
          steps.append(Step(at: at + offset + gap, happening: .person(.repair)))
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
  static func settings(_ machine: SoakMachine, _ chance: inout SeededGenerator) -> StrokeSettings {
    let rate = 50 + chance.below(95)
    let period = Nanoseconds(1_000_000_000 / rate)
    let longest = Nanoseconds(min(period.percent(55).count, 9_500_000)) - .milliseconds(2)
    let isDot = chance.below(2) == 0 && machine == .linear
    let dwell = Nanoseconds(chance.below(max(1, longest.count)))
    return StrokeSettings(
      mode: isDot ? .dot : .continuous, rate: .hertz(Int32(rate)),
      depth: Micrometres(300 + Int32(chance.below(7)) * 100),
      dwell: machine == .linear ? dwell : .zero, strokesPerDot: 1 + Int32(chance.below(4)),
      dotRate: isDot && chance.below(2) == 0 ? .hertz(1 + Int32(chance.below(5))) : .zero)
  }
}

extension SoakPlan {
  /// The plan as a person reads it, one step a line.
  public var text: String {
    let head =
      "seed \(seed), \(machine.rawValue), \(settings.mode.name), \(settings.rate), wakes up to \(latency) late"
    return ([head] + steps.map { "  \($0.at.inMicroseconds) µs: \($0.happening)" }).joined(separator: "\n")
  }
}
