/// What is broken in the plant at present, by what it makes unknowable to the loop or impossible to hold.
public struct MonitorDefects: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Spring, needle, coil or one-shot: FIRE no longer says where the needle is.
  public static let mechanics = Self(rawValue: 1)
  /// An output is stuck behind the board: what the loop writes is not what the plant gets.
  public static let outputs = Self(rawValue: 2)
  /// The kernel refuses writes: only the watchdog's silence still acts.
  public static let refusedWrites = Self(rawValue: 4)
  /// The watchdog's own circuit, or its line: one more change of level feeds it once more.
  public static let watchdog = Self(rawValue: 8)
  /// The home sensor says what is not so.
  public static let homeSensor = Self(rawValue: 16)
  /// Both contacts of the pedal are disturbed at once: nobody can tell a press.
  public static let pedal = Self(rawValue: 32)
  /// The drive reports positions that are not so, or its axis lost its zero.
  public static let depth = Self(rawValue: 64)
}

/// What the monitor judges: the rule that each judgement belongs to, and the defects under which nobody could hold it.
///
/// This table is the whole of what is ever excused. A judgement that a defect takes away is taken away for as long as the defect
/// lasts and no longer; every other one stays in force meanwhile.
enum MonitorJudgement: CaseIterable {
  case torqueInState, torqueWithOpenStop, torqueWithOpenGuard, torqueAfterStop, torqueAfterRefusedWrites
  case fireInState, fireAfterStop
  case needleOut, strokeOut, dwellUnstalled, dwellWithoutFault, slowRevolutions
  case strokeRate, revolutionRate, depth
  case strokeCount, revolutionCount, homeClaim
  case durableStroke, durableRevolution
  case freshPress

  /// `rule`, and what takes the judgement out of force.
  private var row: (rule: MonitorRule, unknowable: MonitorDefects) {
    switch self {
    case .torqueInState: (.torqueState, [.outputs, .refusedWrites])
    case .torqueWithOpenStop, .torqueWithOpenGuard: (.torqueReaction, [.outputs, .refusedWrites])
    case .torqueAfterStop: (.stopReaction, [.outputs, .refusedWrites])
    // A WATCHDOG line that is shorted or breaks changes once more, and is fed by that.
    case .torqueAfterRefusedWrites: (.torqueReaction, [.outputs, .watchdog])
    case .fireInState: (.fireState, [.outputs, .refusedWrites])
    case .fireAfterStop: (.stopReaction, [.outputs, .refusedWrites])
    case .needleOut, .strokeOut: (.timeOut, [.mechanics, .outputs])
    case .dwellUnstalled: (.dwell, [.mechanics, .outputs, .refusedWrites])
    // A home sensor that says home all the while hides it until the stroke counts as stalled.
    case .dwellWithoutFault: (.dwell, [.homeSensor])
    // One that says home where the needle is out has the cam braked there: found by the next revolution, a known residual.
    case .slowRevolutions: (.dwell, [.homeSensor])
    case .strokeRate: (.strokeRate, [])
    // Without the home sensor nobody can tell the period of a cam; that it is missing shows as a stall.
    case .revolutionRate: (.strokeRate, [.homeSensor])
    case .depth: (.depth, [.depth])
    // A FIRE line that is stuck high behind the board moves the needle without the loop.
    case .strokeCount: (.reportedOnce, [.outputs])
    // A cam's revolutions are counted by the home sensor alone.
    case .revolutionCount: (.reportedOnce, [.outputs, .homeSensor])
    case .durableStroke: (.durableIntent, [])
    // What noise on the home sensor adds in spinning down is counted as revolutions: better too many than too few.
    case .durableRevolution: (.durableIntent, [.homeSensor])
    case .homeClaim: (.homeClaim, [.homeSensor])
    case .freshPress: (.freshPress, [.pedal])
    }
  }

  var rule: MonitorRule { row.rule }

  /// Whether anybody could hold it with these defects.
  func isKnowable(with defects: MonitorDefects) -> Bool { row.unknowable.isDisjoint(with: defects) }
}
