public import Units

/// What may go wrong between a virtual controller and its host. All off by default; the seed makes a campaign repeatable.
public struct ControllerFaults: Sendable {
  /// Replies are lost; requests still arrive and act.
  public var mute = false
  /// Requests are lost.
  public var deaf = false
  /// Added to every reply's delay.
  public var extraDelay = Nanoseconds.zero
  /// Share of reply bytes with one bit flipped, in millionths (10,000 = 1 %).
  public var corruptedPerMillion: UInt32 = 0
  /// Share of reply bytes lost, in millionths.
  public var lostPerMillion: UInt32 = 0
  /// Share of replies sent twice, in millionths.
  public var duplicatedPerMillion: UInt32 = 0
  /// Share of replies preceded by up to 16 bytes of garbage, in millionths.
  public var garbagePerMillion: UInt32 = 0
  /// The module speaks at another rate than the host: it understands nothing and answers every request with noise.
  public var garbled = false
  /// The next so many replies are held back and follow, late, behind the reply after them.
  public var heldReplies = 0
  /// Added to every position reported, microsteps: a module that lies.
  public var positionError: Int32 = 0
  /// Writes of this axis parameter are refused as an invalid value.
  public var refusedParameter: UInt8?
  /// Writes of this axis parameter are acknowledged and ignored.
  public var ignoredParameter: UInt8?
  /// Bits of the driver's status flags.
  public var driverStatus: Int32 = 0

  private var state: UInt64

  public init(seed: UInt64 = 1) { state = seed }

  /// The next number of the sequence (SplitMix64, Steele, Lea and Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Whether something that happens in so many of a million cases happens now.
  mutating func happens(_ perMillion: UInt32) -> Bool {
    perMillion > 0 && next() % 1_000_000 < UInt64(perMillion)
  }
}

extension ControllerFaults {
  /// Begins what a fault on the line or in the module does; a restart is not one of the line's.
  mutating func begin(_ fault: DriveFault) {
    switch fault {
    case .mute: mute = true
    case .deaf: deaf = true
    case .late(let delay): extraDelay = delay
    case .corrupt(let perMillion): corruptedPerMillion = perMillion
    case .losing(let perMillion): lostPerMillion = perMillion
    case .lying(let microsteps): positionError = microsteps
    case .doubling(let perMillion): duplicatedPerMillion = perMillion
    case .noisy(let perMillion): garbagePerMillion = perMillion
    case .stale(let replies): heldReplies = Int(replies)
    case .garbled: garbled = true
    case .restart: break
    }
  }

  /// Ends everything that ``begin(_:)`` can begin.
  mutating func repair() {
    mute = false
    deaf = false
    extraDelay = .zero
    corruptedPerMillion = 0
    lostPerMillion = 0
    positionError = 0
    duplicatedPerMillion = 0
    garbagePerMillion = 0
    heldReplies = 0
    garbled = false
  }
}
