import NeedleSafety
import Units

// An action as one word, so that it passes between threads in one atomic store: kind in bits 0 to 7, flag in 8 to 15,
// signal or figure in 16 to 23, fault in 24 to 31, delay in µs above.
extension PersonAction {
  private static var longestDelay: Int64 { (1 << 32) - 1 }

  var code: UInt64 {
    switch self {
    case .pedal(let down): Self.word(1, down)
    case .emergencyStop(let open): Self.word(2, open)
    case .guardCover(let open): Self.word(3, open)
    case .cartridge(let seated): Self.word(4, seated)
    case .repair: Self.word(5, false)
    case .inject(let fault, let delay):
      6 | UInt64(fault.code) << 8 | UInt64(min(max(delay.inMicroseconds, 0), Self.longestDelay)) << 32
    }
  }

  private static func word(_ kind: UInt64, _ flag: Bool) -> UInt64 { kind | (flag ? 1 << 8 : 0) }

  init?(code: UInt64) {
    let flag = code >> 8 & 1 == 1
    switch code & 0xFF {
    case 1: self = .pedal(down: flag)
    case 2: self = .emergencyStop(open: flag)
    case 3: self = .guardCover(open: flag)
    case 4: self = .cartridge(seated: flag)
    case 5: self = .repair
    case 6:
      guard let fault = HandpieceFault(code: UInt32(code >> 8 & 0xFF_FFFF)) else { return nil }
      self = .inject(fault, after: .microseconds(Int64(code >> 32)))
    default: return nil
    }
  }
}

extension HandpieceFault {
  /// Flag in bits 0 to 7, signal or figure in 8 to 15, kind in 16 to 23.
  var code: UInt32 {
    switch self {
    case .stuck(let signal, let high): Self.word(1, signal.rawValue, flag: high)
    case .noisy(let signal): Self.word(2, signal.rawValue)
    case .bouncing(let signal): Self.word(3, signal.rawValue)
    case .inputOpen(let signal): Self.word(4, signal.rawValue)
    case .inputShorted(let signal): Self.word(5, signal.rawValue)
    case .outputOpen(let signal): Self.word(6, signal.rawValue)
    case .outputShorted(let signal): Self.word(7, signal.rawValue)
    case .oneShotPassesThrough: Self.word(8, 0)
    case .oneShotDead: Self.word(9, 0)
    case .watchdogDead: Self.word(10, 0)
    case .springBroken: Self.word(11, 0)
    case .needleJammed: Self.word(12, 0)
    case .coilWeak(let percent): Self.word(13, percent)
    case .driveFault: Self.word(14, 0)
    }
  }

  private static func word(_ kind: UInt32, _ figure: UInt8, flag: Bool = false) -> UInt32 {
    kind << 16 | UInt32(figure) << 8 | (flag ? 1 : 0)
  }

  init?(code: UInt32) {
    let figure = UInt8(code >> 8 & 0xFF)
    let input = InputSignal(rawValue: figure)
    let output = OutputSignal(rawValue: figure)
    let found: Self? =
      switch code >> 16 {
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
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}
