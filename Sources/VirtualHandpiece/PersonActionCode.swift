import NeedleSafety
import Units

// An action as one word, so that it passes between threads in one atomic store: kind in bits 0 to 3, flag in bit 4, what
// is wrong in 5 to 9, its figure in 10 to 33, its delay in ms in 34 to 63.
extension PersonAction {
  private static var longestDelay: Int64 { (1 << 30) - 1 }

  var code: UInt64 {
    switch self {
    case .pedal(let down): Self.word(1, down)
    case .emergencyStop(let open): Self.word(2, open)
    case .guardCover(let open): Self.word(3, open)
    case .cartridge(let seated): Self.word(4, seated)
    case .repair: Self.word(5, false)
    case .inject(.handpiece(let fault), let delay): 6 | fault.code << 4 | Self.word(of: delay)
    case .inject(.drive(let fault), let delay): 7 | fault.code << 4 | Self.word(of: delay)
    }
  }

  init?(code: UInt64) {
    let flag = code >> 4 & 1 == 1
    let delay = Nanoseconds.milliseconds(Int64(code >> 34))
    switch code & 0xF {
    case 1: self = .pedal(down: flag)
    case 2: self = .emergencyStop(open: flag)
    case 3: self = .guardCover(open: flag)
    case 4: self = .cartridge(seated: flag)
    case 5: self = .repair
    case 6:
      guard let fault = HandpieceFault(code: code >> 4) else { return nil }
      self = .inject(.handpiece(fault), after: delay)
    case 7:
      guard let fault = DriveFault(code: code >> 4) else { return nil }
      self = .inject(.drive(fault), after: delay)
    default: return nil
    }
  }

  private static func word(_ kind: UInt64, _ flag: Bool) -> UInt64 { kind | (flag ? 1 << 4 : 0) }

  /// Whole milliseconds, 0 to 12 days.
  private static func word(of delay: Nanoseconds) -> UInt64 {
    UInt64(min(max(delay.inMilliseconds, 0), longestDelay)) << 34
  }
}

/// Flag in bit 0, kind in bits 1 to 5, figure in bits 6 to 29.
private func faultWord(_ kind: UInt64, _ figure: UInt32 = 0, flag: Bool = false) -> UInt64 {
  (flag ? 1 : 0) | kind << 1 | UInt64(figure & 0xFF_FFFF) << 6
}

extension HandpieceFault {
  var code: UInt64 {
    switch self {
    case .stuck(let signal, let high): faultWord(1, UInt32(signal.rawValue), flag: high)
    case .noisy(let signal): faultWord(2, UInt32(signal.rawValue))
    case .bouncing(let signal): faultWord(3, UInt32(signal.rawValue))
    case .inputOpen(let signal): faultWord(4, UInt32(signal.rawValue))
    case .inputShorted(let signal): faultWord(5, UInt32(signal.rawValue))
    case .outputOpen(let signal): faultWord(6, UInt32(signal.rawValue))
    case .outputShorted(let signal): faultWord(7, UInt32(signal.rawValue))
    case .oneShotPassesThrough: faultWord(8)
    case .oneShotDead: faultWord(9)
    case .watchdogDead: faultWord(10)
    case .springBroken: faultWord(11)
    case .needleJammed: faultWord(12)
    case .coilWeak(let percent): faultWord(13, UInt32(percent))
    case .driveFault: faultWord(14)
    case .camSpeed(let percent): faultWord(15, UInt32(percent))
    }
  }

  init?(code: UInt64) {
    let figure = UInt8(truncatingIfNeeded: code >> 6)
    let input = InputSignal(rawValue: figure)
    let output = OutputSignal(rawValue: figure)
    let found: Self? =
      switch code >> 1 & 0x1F {
      case 1: input.map { .stuck($0, high: code & 1 == 1) }
      case 2: input.map { .noisy($0) }
      case 3: input.map { .bouncing($0) }
      case 4: input.map { .inputOpen($0) }
      case 5: input.map { .inputShorted($0) }
      case 6: output.map { .outputOpen($0) }
      case 7: output.map { .outputShorted($0) }
      case 8: .oneShotPassesThrough
      case 9: .oneShotDead
      case 10: .watchdogDead
      case 11: .springBroken
      case 12: .needleJammed
      case 13: .coilWeak(percent: figure)
      case 14: .driveFault
      case 15: .camSpeed(percent: figure)
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension DriveFault {
  /// Figures are held to 24 bits: a lie of up to ±8,388,607 microsteps, a delay of up to 16 s in µs.
  var code: UInt64 {
    switch self {
    case .mute: faultWord(1)
    case .deaf: faultWord(2)
    case .late(let delay): faultWord(3, UInt32(min(max(delay.inMicroseconds, 0), 0xFF_FFFF)))
    case .corrupt(let perMillion): faultWord(4, min(perMillion, 1_000_000))
    case .losing(let perMillion): faultWord(5, min(perMillion, 1_000_000))
    case .lying(let microsteps): faultWord(6, UInt32(bitPattern: microsteps))
    case .restart: faultWord(7)
    case .doubling(let perMillion): faultWord(8, min(perMillion, 1_000_000))
    case .noisy(let perMillion): faultWord(9, min(perMillion, 1_000_000))
    case .stale(let replies): faultWord(10, min(replies, 0xFF_FFFF))
    case .garbled: faultWord(11)
    }
  }

  init?(code: UInt64) {
    let figure = UInt32(code >> 6 & 0xFF_FFFF)
    switch code >> 1 & 0x1F {
    case 1: self = .mute
    case 2: self = .deaf
    case 3: self = .late(.microseconds(Int64(figure)))
    case 4: self = .corrupt(perMillion: figure)
    case 5: self = .losing(perMillion: figure)
    case 6: self = .lying(microsteps: Int32(bitPattern: figure << 8) >> 8)
    case 7: self = .restart
    case 8: self = .doubling(perMillion: figure)
    case 9: self = .noisy(perMillion: figure)
    case 10: self = .stale(replies: figure)
    case 11: self = .garbled
    default: return nil
    }
  }
}
