public import NeedleSafety
public import Units

/// Everything the controller may know at one step.
public struct StepInputs: Sendable {
  public var levels: InputLevels
  public var edges: Edges
  public var drive: DriveFeedback
  /// At most one; the loop steps again for the next.
  public var command: Command?
  /// The latched stop: someone asked for it since the last step.
  public var stopRequested: Bool
  /// The last write of outputs did not succeed.
  public var outputFailed: Bool
  /// Levels could not be read.
  public var inputFailed: Bool
  /// The outputs as the chip reported them at power-up were not all low: some kernels keep levels after a process dies.
  public var outputsFoundHigh: Bool

  @_noLocks public init() {
    levels = InputLevels(bits: 0)
    edges = Edges()
    drive = DriveFeedback()
    command = nil
    stopRequested = false
    outputFailed = false
    inputFailed = false
    outputsFoundHigh = false
  }
}

/// What is to be done after a step.
public struct Actuation: Sendable {
  public var outputs: OutputLevels
  public var drive: DriveCommand
  /// Nothing is to move before somebody orders it: in standby. A fault is no rest: what moved may still move.
  public var driveRests: Bool
  public var events: EventBatch
  /// When the controller has to step again at the latest.
  public var deadline: Instant

  @_noLocks public init() {
    outputs = .safe
    drive = .none
    driveRests = false
    events = EventBatch()
    deadline = .boot
  }
}
