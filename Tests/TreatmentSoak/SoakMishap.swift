import NeedleSafety
import StrokeControl
import Units
import VirtualHandpiece

// What can go wrong, by chance.
extension SoakHappening {
  static func mishap(_ machine: SoakMachine, _ chance: inout SeededGenerator) -> SoakHappening {
    switch chance.below(17) {
    case 0: .person(.emergencyStop(open: true))
    case 1: .person(.guardCover(open: true))
    case 2: .person(.cartridge(seated: false))
    case 3, 4: .person(.inject(.handpiece(wiring(&chance)), after: .zero))
    case 5: .person(.inject(.handpiece(mechanical(machine, &chance)), after: .zero))
    case 6, 7: .person(.inject(.drive(drive(&chance)), after: .zero))
    case 8, 9: .stall(.milliseconds(1 + chance.below(chance.below(2) == 0 ? 30 : 500)))
    case 10: .refuseWrites(.milliseconds(1 + chance.below(200)))
    case 11: .failInputs(.milliseconds(1 + chance.below(200)))
    case 12: chance.below(2) == 0 ? .closeSerial(.milliseconds(1 + chance.below(500))) : .loseEdges(1)
    case 13: chance.below(2) == 0 ? .stop : .disarm
    case 14: recorder(&chance)
    case 15: client(&chance)
    default:
      chance.below(2) == 0 ? .settings(SoakPlan.settings(machine, &chance)) : .zone(zone(&chance))
    }
  }

  private static func recorder(_ chance: inout SeededGenerator) -> SoakHappening {
    let length = Nanoseconds.milliseconds(100 + chance.below(chance.below(2) == 0 ? 2_000 : 20_000))
    return chance.below(3) > 0 ? .recorderHangs(length) : .recorderDeaf(length)
  }

  private static func client(_ chance: inout SeededGenerator) -> SoakHappening {
    switch chance.below(3) {
    case 0: .recordFails
    case 1: .controlPlaneGone
    default: .flood(200 + Int(chance.below(400)))
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

  private static func mechanical(_ machine: SoakMachine, _ chance: inout SeededGenerator) -> HandpieceFault {
    if machine == .rotary { return rotary(&chance) }
    switch chance.below(8) {
    case 0: return .oneShotPassesThrough
    case 1: return .oneShotDead
    case 2: return .watchdogDead
    case 3: return .springBroken
    case 4: return .needleJammed
    case 5: return .coilWeak(percent: UInt8(chance.below(90)))
    // A coil that only just moves the needle makes it leave late.
    case 6: return .coilWeak(percent: 3 + UInt8(chance.below(12)))
    default: return .driveFault
    }
  }

  private static func rotary(_ chance: inout SeededGenerator) -> HandpieceFault {
    switch chance.below(6) {
    case 0: .watchdogDead
    case 1: .needleJammed
    case 2: .driveFault
    case 3: .camSpeed(percent: UInt8(chance.below(200)))
    // A motor a little too fast or too slow, which is harder to see.
    default: .camSpeed(percent: 85 + UInt8(chance.below(40)))
    }
  }

  private static func drive(_ chance: inout SeededGenerator) -> DriveFault {
    switch chance.below(11) {
    case 0: .mute
    case 1: .deaf
    case 2: .late(.milliseconds(1 + chance.below(150)))
    case 3: .corrupt(perMillion: UInt32(1_000 + chance.below(50_000)))
    case 4: .losing(perMillion: UInt32(1_000 + chance.below(50_000)))
    // Up to 1.2 mm: beyond every ceiling with its tolerance.
    case 5: .lying(microsteps: Int32(chance.below(120_000)) - 60_000)
    case 6: .doubling(perMillion: UInt32(1_000 + chance.below(200_000)))
    case 7: .noisy(perMillion: UInt32(1_000 + chance.below(200_000)))
    case 8: .stale(replies: UInt32(1 + chance.below(4)))
    case 9: .garbled
    default: .restart
    }
  }
}
