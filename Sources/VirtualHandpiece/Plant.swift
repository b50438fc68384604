import DriveLink
public import NeedleSafety
public import StrokeControl
public import Units

/// Everything outside the controller board: the handpiece, and the drive with the depth axis that carries the handpiece's
/// depth stop, and on a rotary machine the motor that turns its cam. Safe torque off reaches both.
///
/// While the axis moves, its position reaches the depth stop once a millisecond, on the clock's own grid, so that a history
/// does not depend on how finely ``advance(to:)`` is called. (A stroke during a move is a fault anyway.)
public struct Plant: Sendable {
  public var handpiece: Handpiece
  public private(set) var drive: VirtualDrive
  /// What the drive has sent and the board has not taken.
  public var replies = ReplyQueue()
  private var faults = FaultSchedule<DriveFault>()
  private var nextSample = Instant.distantFuture
  private var driveHasTorque = false
  /// When the drive next does something by itself; asking it is not free, so it is asked when it may have changed.
  private var nextDriveEvent = Instant.distantFuture

  public init(handpiece: Handpiece, drive: VirtualDrive) {
    self.handpiece = handpiece
    self.drive = drive
    driveHasTorque = handpiece.isTorqueOn
    self.drive.setTorque(driveHasTorque, at: handpiece.now)
    followDrive()
  }

  /// A handpiece whose drive is one stepper module.
  public init(handpiece: Handpiece, drive: TMCLDevice) {
    self.init(handpiece: handpiece, drive: VirtualDrive(stepper: drive))
  }

  /// A handpiece and a drive as shipped, switched on at `start`: TMCL, with a needle motor where the handpiece has a cam.
  public init(_ parameters: HandpieceParameters = HandpieceParameters(), seed: UInt64, at start: Instant) {
    let servo = TMCLDevice(TMCLDeviceParameters(family: .tmcm1617), at: start, seed: seed ^ 0x7A1E_55ED)
    self.init(
      handpiece: Handpiece(parameters, seed: seed, at: start),
      drive: VirtualDrive(
        stepper: TMCLDevice(at: start, seed: seed ^ 0x5DEE_CE66), servo: parameters.cam == nil ? nil : servo))
  }

  /// The same with VESCs instead: number 11 moves the depth axis, and where the handpiece has a cam, number 10 at the port turns it
  /// and passes packets on. Set up as their maker's tool would: a time-out of 100 ms, and a ramp of 5,000 revolutions of the cam
  /// per second squared.
  public init(vescsOf parameters: HandpieceParameters, seed: UInt64, at start: Instant) {
    var depth = VESCUnitParameters(number: 11, turnsNeedle: false, firmware: .latest)
    depth.timeout = 100
    let seedOfDrive = seed ^ 0x5DEE_CE66
    var device = VESCDevice(near: depth, at: start, seed: seedOfDrive)
    if parameters.cam != nil {
      var needle = VESCUnitParameters(number: 10, turnsNeedle: true, firmware: .latest)
      needle.timeout = 100
      needle.ramp = 5_000 * 60 * Double(needle.polePairs)
      device = VESCDevice(near: needle, far: depth, at: start, seed: seedOfDrive)
    }
    self.init(
      handpiece: Handpiece(parameters, seed: seed, at: start), drive: VirtualDrive(vesc: device))
  }

  public var now: Instant { handpiece.now }

  /// When something will next change by itself.
  public var nextEvent: Instant {
    handpiece.nextEvent.earlier(of: nextDriveEvent).earlier(of: nextSample).earlier(of: faults.next)
  }

  /// Lets everything happen up to and including an instant.
  public mutating func advance(to instant: Instant) {
    var next = nextEvent
    while next <= instant {
      let at = next.later(of: now)
      handpiece.advance(to: at)
      followTorque()
      if nextDriveEvent <= at || nextSample <= at || faults.next <= at { runDrive() }
      next = nextEvent
    }
    handpiece.advance(to: instant)
  }

  /// The levels of the board's outputs from this instant on.
  public mutating func apply(outputs: OutputLevels, at instant: Instant) {
    advance(to: instant)
    handpiece.apply(outputs: outputs, at: instant)
    followTorque()
  }

  /// Bytes that the board sends to the drive.
  public mutating func receive(_ bytes: borrowing SerialBytes, at instant: Instant) {
    advance(to: instant)
    if drive.turnsNeedle { drive.setCamRate(handpiece.lookAtCam()) }
    drive.receive(bytes, at: now)
    followDrive()
  }

  /// What a person, or bad luck, does now.
  public mutating func perform(_ action: PersonAction) {
    switch action {
    case .pedal(let down): handpiece.pedal(down: down)
    case .emergencyStop(let open): handpiece.emergencyStop(open: open)
    case .guardCover(let open): handpiece.guardCover(open: open)
    case .cartridge(let seated): handpiece.cartridge(seated: seated)
    case .inject(.handpiece(let fault), let delay): handpiece.inject(fault, after: delay)
    case .inject(.drive(let fault), let delay): faults.plan(fault, at: now + delay)
    case .repair:
      handpiece.repair()
      drive.repair()
    }
    followTorque()
    advance(to: now)
  }

  private mutating func runDrive() {
    drive.advance(to: now)
    while let fault = faults.takeDue(at: now) {
      drive.begin(fault, at: now)
      if case .restart = fault { drive.setTorque(driveHasTorque, at: now) }
    }
    followDrive()
  }

  private mutating func followTorque() {
    guard handpiece.isTorqueOn != driveHasTorque else { return }
    driveHasTorque = handpiece.isTorqueOn
    drive.setTorque(driveHasTorque, at: now)
    followDrive()
  }

  /// Takes over the stop's place, what the motor does, the replies, and when the drive wants to be asked again.
  private mutating func followDrive() {
    while true {
      let sent = drive.transmit(at: now)
      if sent.count == 0 { break }
      replies.append(sent)
    }
    let seen = drive.look()
    handpiece.setDepth(seen.depth)
    if drive.turnsNeedle { handpiece.turn(seen.camDemand) }
    nextDriveEvent = seen.nextEvent
    let isMoving = seen.isDepthMoving
    let grid: Int64 = 1_000_000
    nextSample =
      isMoving
      ? Instant(sinceBoot: Nanoseconds((now.sinceBoot.count / grid + 1) * grid)) : .distantFuture
  }
}
