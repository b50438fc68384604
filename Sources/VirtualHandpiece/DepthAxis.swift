public import Units

/// The depth stop's stepper axis: a screw with a reference switch at physical zero and a hard stop a little behind it.
///
/// The module's counter and the physical place are kept apart: they agree only after a reference search, and differ again
/// when the module restarts. Positions are microsteps, positive towards deeper.
public struct DepthAxis: Sendable {
  /// What the axis is doing.
  public enum Activity: Sendable, Equatable {
    case resting, positioning, turning
    /// Searching: towards the switch, then slowly back to its edge.
    case approaching, leaving
  }

  /// How far behind the switch the mechanics end, microsteps (0.1 mm of the usual screw).
  static let hardStop = -5_120.0
  /// How far the search runs into the switch before it turns.
  static let switchOvershoot = 512.0

  public private(set) var activity: Activity = .resting
  private var motion: DepthAxisMotion
  /// Counter minus physical position.
  private var counterOffset: Double
  /// Where the counter is sent.
  public private(set) var target: Double
  /// Motor current flows. Without it the axis stays where it is, counter and all; a command given meanwhile is not carried out.
  public private(set) var hasTorque = true
  /// The reference switch does not close: a search runs to the hard stop and never ends.
  public var switchBroken = false
  private var now: Instant
  private var searchSpeed = 1.0
  private var switchSpeed = 1.0
  private var searchAcceleration = 1.0

  /// An axis standing at a physical place with its counter at 0, as after power-up.
  public init(physicalPosition: Double, at now: Instant) {
    motion = DepthAxisMotion(restingAt: physicalPosition, since: now)
    counterOffset = -physicalPosition
    target = 0
    self.now = now
  }

  /// The physical place relative to the switch, microsteps.
  public var physicalPosition: Double { max(Self.hardStop, motion.state(at: now).position) }

  /// The module's position counter.
  public var counter: Double { motion.state(at: now).position + counterOffset }

  /// Microsteps per second.
  public var speed: Double { hasTorque ? motion.state(at: now).speed : 0 }

  /// The left stop switch is closed.
  public var switchClosed: Bool { !switchBroken && physicalPosition <= 0 }

  /// A reference search is under way.
  public var isSearching: Bool { activity == .approaching || activity == .leaving }

  /// The counter stands at its target.
  public var hasArrived: Bool { speed == 0 && counter.rounded() == target.rounded() }

  /// The next instant at which what the axis does changes by itself, `.distantFuture` when it will not.
  public var nextChange: Instant {
    switch activity {
    case .resting, .turning: .distantFuture
    case .positioning, .approaching, .leaving: hasTorque ? motion.end : .distantFuture
    }
  }

  /// Moves to a counter value.
  public mutating func move(to target: Double, maximumSpeed: Double, acceleration: Double) {
    self.target = target
    guard hasTorque else { return }
    activity = .positioning
    let destination = max(Self.hardStop, target - counterOffset)
    motion = DepthAxisMotion(
      from: motion.state(at: now), at: now, to: destination, maximumSpeed: maximumSpeed,
      acceleration: acceleration)
  }

  /// Turns at a speed, positive to the right (deeper), until told otherwise.
  public mutating func turn(speed: Double, acceleration: Double) {
    guard hasTorque else { return }
    activity = .turning
    motion = DepthAxisMotion(
      from: motion.state(at: now), at: now, toSpeed: speed, acceleration: acceleration)
  }

  /// Stops along the ramp and ends a search.
  public mutating func stop(acceleration: Double) {
    guard activity != .resting, hasTorque else {
      activity = .resting
      return
    }
    motion = DepthAxisMotion(from: motion.state(at: now), at: now, toSpeed: 0, acceleration: acceleration)
    activity = .resting
  }

  /// Starts a reference search towards the switch.
  public mutating func search(searchSpeed: Double, switchSpeed: Double, acceleration: Double) {
    self.searchSpeed = searchSpeed
    self.switchSpeed = switchSpeed
    searchAcceleration = acceleration
    activity = .approaching
    if hasTorque { approachSwitch() }
  }

  /// Sets the counter without moving (SAP 1), and the target with it, so that nothing moves.
  public mutating func setCounter(_ value: Double) {
    counterOffset = value - motion.state(at: now).position
    target = value
  }

  /// Gives or takes torque; where the axis is when it goes, it stays.
  public mutating func setTorque(_ on: Bool) {
    guard on != hasTorque else { return }
    if !on {
      motion = DepthAxisMotion(restingAt: motion.state(at: now).position, since: now)
      if !isSearching { activity = .resting }
    }
    hasTorque = on
    // A search waits for its switch however long that takes, so it goes on when torque comes back.
    if on && isSearching {
      activity = .approaching
      approachSwitch()
    }
  }

  /// The module restarts: the axis stops where it is and the counter starts from 0.
  public mutating func restart() {
    let place = physicalPosition
    motion = DepthAxisMotion(restingAt: place, since: now)
    counterOffset = -place
    target = 0
    activity = .resting
  }

  /// Lets time pass; what it does until then does not depend on the steps in between.
  public mutating func advance(to instant: Instant) {
    while activity != .resting && activity != .turning && nextChange <= instant {
      now = nextChange.later(of: now)
      finishStretch()
    }
    now = instant.later(of: now)
    guard activity == .turning, motion.state(at: now).position <= Self.hardStop else { return }
    motion = DepthAxisMotion(restingAt: Self.hardStop, since: now)
    activity = .resting
  }

  private mutating func approachSwitch() {
    motion = DepthAxisMotion(
      from: motion.state(at: now), at: now, to: switchBroken ? Self.hardStop : -Self.switchOvershoot,
      maximumSpeed: searchSpeed, acceleration: searchAcceleration)
  }

  private mutating func finishStretch() {
    let place = motion.state(at: now).position
    switch activity {
    case .approaching:
      guard !switchBroken else {
        // Presses against the hard stop; the module goes on waiting for the switch.
        motion = DepthAxisMotion(restingAt: Self.hardStop, since: .distantFuture)
        return
      }
      activity = .leaving
      motion = DepthAxisMotion(
        from: (place, 0), at: now, to: 0, maximumSpeed: switchSpeed, acceleration: searchAcceleration)
    case .leaving:
      activity = .resting
      motion = DepthAxisMotion(restingAt: 0, since: now)
      counterOffset = 0
      target = 0
    case .positioning, .resting, .turning:
      activity = .resting
      motion = DepthAxisMotion(restingAt: place.rounded(), since: now)
    }
  }
}
