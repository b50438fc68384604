public import NeedleSafety
public import Units

/// What the needle is known to do.
public enum NeedleState: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case home, out
  /// Nothing proves it home: it is treated as out.
  case unproved

  public var name: String {
    switch self {
    case .home: "home"
    case .out: "out"
    case .unproved: "unproved"
    }
  }
}

/// The controller as everyone outside the loop sees it: a plain value. The loop publishes it after every turn in which something
/// happened, and otherwise a hundred times a second.
public struct ControllerStatus: Sendable, BitwiseCopyable {
  public var at: Instant
  public var state: LifecycleState
  public var needle: NeedleState
  public var faults: FaultLatch
  /// Of the latched faults, those whose cause is still there; one bit per ``FaultCode``.
  public var faultsPresent: UInt32
  public var unmet: ArmConditions
  public var levels: InputLevels
  public var outputs: OutputLevels
  public var pedalPressed: Bool
  public var cartridgeSeated: Bool
  public var settings: SettingsGrant?
  public var zone: ZoneGrant?
  /// Strokes and dots begun in this session.
  public var strokes: UInt64
  public var dots: UInt64
  public var durableThrough: UInt64
  public var motorOnUsed: Nanoseconds
  public var dutyPercent: Int64
  public var lastStroke: StrokeRecord?
  public var drive: DriveFeedback
  public var selfTestPassed: Bool
  public var worstLateness: Nanoseconds
  public var misses: UInt32

  @_noLocks public init(
    at: Instant, state: LifecycleState, needle: NeedleState, faults: FaultLatch, faultsPresent: UInt32,
    unmet: ArmConditions,
    levels: InputLevels, outputs: OutputLevels, pedalPressed: Bool, cartridgeSeated: Bool,
    settings: SettingsGrant?, zone: ZoneGrant?, strokes: UInt64, dots: UInt64, durableThrough: UInt64,
    motorOnUsed: Nanoseconds, dutyPercent: Int64, lastStroke: StrokeRecord?, drive: DriveFeedback,
    selfTestPassed: Bool, worstLateness: Nanoseconds, misses: UInt32
  ) {
    self.at = at
    self.state = state
    self.needle = needle
    self.faults = faults
    self.faultsPresent = faultsPresent
    self.unmet = unmet
    self.levels = levels
    self.outputs = outputs
    self.pedalPressed = pedalPressed
    self.cartridgeSeated = cartridgeSeated
    self.settings = settings
    self.zone = zone
    self.strokes = strokes
    self.dots = dots
    self.durableThrough = durableThrough
    self.motorOnUsed = motorOnUsed
    self.dutyPercent = dutyPercent
    self.lastStroke = lastStroke
    self.drive = drive
    self.selfTestPassed = selfTestPassed
    self.worstLateness = worstLateness
    self.misses = misses
  }
}

extension Controller {
  /// The status after the latest step.
  public var status: ControllerStatus {
    @_noLocks get {
      var mine = self
      return mine.takeStatus()
    }
  }

  /// The same for whoever owns the controller, without a copy of it.
  @_noLocks public mutating func takeStatus() -> ControllerStatus {
    let now = previousStep ?? .boot
    return ControllerStatus(
      at: now, state: lifecycle.state, needle: needleState, faults: faults,
      faultsPresent: faultsPresent(at: now), unmet: unmetConditions(at: now),
      levels: levels, outputs: outputs, pedalPressed: pedal.isPressed, cartridgeSeated: cartridge.isSeated,
      settings: settings, zone: zone, strokes: nextStroke - 1, dots: nextDot - 1,
      durableThrough: durableThrough, motorOnUsed: motorOnUsed, dutyPercent: duty.percent,
      lastStroke: lastStroke, drive: drive, selfTestPassed: selfTestPassed, worstLateness: wakes.worst,
      misses: wakes.misses)
  }

  @_noLocks private mutating func faultsPresent(at now: Instant) -> UInt32 {
    guard !faults.isEmpty else { return 0 }
    var present: UInt32 = 0
    var raw: UInt8 = 0
    while let code = FaultCode(rawValue: raw) {
      if faults.contains(code), !causeIsGone(code, at: now) { present |= code.bit }
      raw += 1
    }
    return present
  }

  private var needleState: NeedleState {
    @_noLocks get {
      if cam.isCoasting, !cam.isOut, !levels.isHigh(.needleHome) { return .unproved }
      if !needleRests { return .out }
      return levels.isHigh(.needleHome) && !levels.isHigh(.needleBottom) ? .home : .unproved
    }
  }
}
