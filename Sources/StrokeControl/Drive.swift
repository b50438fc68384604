public import Units

/// What the controller asks of the drive; `DriveLink` encodes it.
public enum DriveCommand: Sendable, BitwiseCopyable {
  /// Nothing new; the link goes on supervising.
  case none
  /// Finds the depth axis's zero against its stop. Only with the needle home.
  case reference
  /// Moves the depth axis so that the needle protrudes this far at the bottom of its stroke. Only with the needle home.
  case moveDepth(Micrometres)
  /// Turns the needle motor so that the cam makes this many revolutions per second, on the drive's own ramp; 0 Hz brakes it to
  /// a stand and holds it there. Rotary machines only. A lower rate than the one before overtakes whatever waits.
  case spin(Millihertz)
  /// Stops every axis at once.
  case stop
}

/// How far the link to the drive has come.
public enum DriveLinkState: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Nothing answers.
  case down
  /// Something answers; its identity is being read.
  case identifying
  /// Settings and limits are being written.
  case configuring
  /// Every limit was read back and equals what was set.
  case verified

  /// The raw value, for comparisons in the loop: a derived `==` is generic in debug builds.
  public var bit: UInt8 { @_noLocks get { rawValue } }

  public var name: String {
    switch self {
    case .down: "down"
    case .identifying: "identifying"
    case .configuring: "configuring"
    case .verified: "verified"
    }
  }
}

/// What the drive says, as far as it is known at a step.
public struct DriveFeedback: Equatable, Sendable, BitwiseCopyable {
  public var link: DriveLinkState
  /// The drive's limits read back equal to ours.
  public var limitsVerified: Bool
  /// The drive stops by itself when we fall silent, and its time-out was read back within our lease.
  public var lossOfLinkVerified: Bool
  /// The depth axis found its zero since the link came up and since the last `.reference` command.
  public var referenced: Bool
  /// Measured depth, and when the reply that carried it came in; `nil` before the first reply.
  public var depth: Micrometres?
  public var depthAt: Instant
  /// The depth the last accepted `.moveDepth` asked for; `nil` until one was accepted.
  public var commandedDepth: Micrometres?
  /// Revolutions of the cam per second as the drive reports them, never negative, and when that reply came in; `nil` before
  /// the first one and on linear machines.
  public var rate: Millihertz?
  public var rateAt: Instant
  /// The rate of the last `.spin` that the drive accepted; `nil` until one was, and after a `.stop`.
  public var commandedRate: Millihertz?
  /// Motor current and temperature where the drive has them.
  public var current: Milliamperes?
  public var temperature: Decicelsius?
  /// The drive rejected a command, or reported an error of its own, since the last step.
  public var rejected: Bool
  /// The axis was already moving when the drive was first spoken to, since the last step.
  public var foundMoving: Bool
  /// Why the link is down, or why the drive rejected what it was told; of the past once the link is verified and nothing is
  /// rejected.
  public var trouble: DriveTrouble

  /// Of two drives on one line: the trouble of the one that is worse off.
  @_noLocks public func worseTrouble(than other: Self) -> DriveTrouble {
    if other.link.bit != link.bit { return other.link.bit < link.bit ? other.trouble : trouble }
    if other.rejected, !rejected { return other.trouble }
    return trouble.or(other.trouble)
  }

  /// A drive that never answered.
  @_noLocks public init() {
    link = .down
    limitsVerified = false
    lossOfLinkVerified = false
    referenced = false
    depth = nil
    depthAt = .boot
    commandedDepth = nil
    rate = nil
    rateAt = .boot
    commandedRate = nil
    current = nil
    temperature = nil
    rejected = false
    foundMoving = false
    trouble = .none
  }
}
