public import NeedleSafety
public import Units

/// One order from the control plane. `Stop` is none of these: it never queues.
public struct Command: Sendable, BitwiseCopyable {
  /// Chosen by the sender; the answer carries it back.
  public var identifier: UInt32
  public var action: Action

  @_noLocks public init(identifier: UInt32, action: Action) {
    self.identifier = identifier
    self.action = action
  }

  public enum Action: Sendable, BitwiseCopyable {
    case arm
    case disarm
    case selfTest
    /// Brings the needle of a rotary machine home; legal in standby, and in a fault whose other causes are gone.
    case home
    /// One step of a calibration, answered when it is done.
    case calibrate(CalibrationOrder)
    /// The depth axis's own depth at which the needle is flush with the nose, 0...650 µm; not while anything moves.
    case zero(Micrometres)
    case acknowledge(FaultCode)
    /// The conditions of arming for which the control plane answers, all of them anew.
    case vouch(ArmConditions)
    /// A session begins, or goes on after a restart.
    case session(SessionGrant)
    /// The zone that is worked on from the next stroke boundary.
    case zone(ZoneGrant)
    /// The needle profile that is in force from the next stroke boundary.
    case settings(SettingsGrant)
    /// Strokes up to and including this sequence number are covered by an intent that is on the disk.
    case durable(through: UInt64)
    /// End the run at the next stroke boundary, because the record cannot keep up.
    case recordFailing
  }
}

/// What a service engineer asks of a machine at rest. Only a coil makes single strokes.
public enum CalibrationOrder: Equatable, Sendable, BitwiseCopyable {
  /// Torque on, the needle home, the depth axis at its zero; from standby.
  case begin
  /// Sends the depth axis to a depth, 0 to the bench's ceiling.
  case jog(Micrometres)
  /// One stroke at the depth the axis stands at, with this dwell.
  case stroke(dwell: Nanoseconds)
  /// Holds FIRE for longer than the board's one-shot lets it: the needle has to come home by itself. Only at depth 0.
  case oneShot
}

/// What a session brings along: where its counters stand.
public struct SessionGrant: Equatable, Sendable, BitwiseCopyable {
  public var nextStroke: UInt64
  public var nextDot: UInt64
  public var motorOnUsed: Nanoseconds

  @_noLocks public init(nextStroke: UInt64, nextDot: UInt64, motorOnUsed: Nanoseconds) {
    self.nextStroke = nextStroke
    self.nextDot = nextDot
    self.motorOnUsed = motorOnUsed
  }
}

/// A zone as plain numbers.
public struct ZoneGrant: Equatable, Sendable, BitwiseCopyable {
  /// The zone's place in ``Zone``; on the bench any.
  public var zone: Zone
  public var depthGroup: DepthGroup
  /// Dots still allowed in this zone this session, all dots up to `dotsCountedThrough` taken off.
  public var dotsRemaining: Int64
  /// Sequence of the last dot the sender knew of. Dots begun since then in the same zone are taken off when the grant lands, so
  /// that a grant under way during a run lifts no budget. `.max`: all are counted.
  public var dotsCountedThrough: UInt64

  @_noLocks public init(
    zone: Zone, depthGroup: DepthGroup, dotsRemaining: Int64, dotsCountedThrough: UInt64 = .max
  ) {
    self.zone = zone
    self.depthGroup = depthGroup
    self.dotsRemaining = dotsRemaining
    self.dotsCountedThrough = dotsCountedThrough
  }
}

/// A needle profile with the ceilings of the cartridge it runs on.
public struct SettingsGrant: Equatable, Sendable, BitwiseCopyable {
  /// Names the profile version in the record; chosen by the control plane.
  public var version: UInt32
  public var settings: StrokeSettings
  /// Ceilings of cartridge and profile; the controller tightens them by the machine's and the absolute ones again.
  public var ceilings: Ceilings

  @_noLocks public init(version: UInt32, settings: StrokeSettings, ceilings: Ceilings) {
    self.version = version
    self.settings = settings
    self.ceilings = ceilings
  }
}

/// What became of a command.
public enum CommandOutcome: Sendable, BitwiseCopyable {
  case done
  /// Not all conditions of arming were met; these were not.
  case unmet(ArmConditions)
  /// The machine has no such motion: the needle of a linear one is brought home by its spring.
  case notOffered
  /// The lifecycle does not allow it now.
  case wrongState(LifecycleState)
  /// The fault's cause is still there.
  case causeRemains
  /// Nothing of that kind is latched.
  case notLatched
  /// The settings would break this limit.
  case refused(Limit)
}
