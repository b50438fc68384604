public import NeedleSafety
public import StrokeControl
public import Units

/// Everything outside the controller board: the handpiece, and the drive with the depth axis that carries the handpiece's
/// depth stop. Safe torque off reaches both.
///
/// While the axis moves, its position reaches the depth stop once a millisecond, on the clock's own grid, so that a history
/// does not depend on how finely ``advance(to:)`` is called. (A stroke during a move is a fault anyway.)
public struct Plant: Sendable {
  public var handpiece: Handpiece
  public private(set) var drive: TMCLDevice
  /// What the drive has sent and the board has not taken.
  public var replies = ReplyQueue()
  private let microstepsPerMillimetre: Int32
  private var faults = FaultSchedule<DriveFault>()
  private var nextSample = Instant.distantFuture
  private var driveHasTorque = false
  /// When the drive next does something by itself; asking it is not free, so it is asked when it may have changed.
  private var nextDriveEvent = Instant.distantFuture

  /// `microstepsPerMillimetre` is the axis's screw: 200 × 256 microsteps at 1 mm per revolution.
  public init(handpiece: Handpiece, drive: TMCLDevice, microstepsPerMillimetre: Int32 = 51_200) {
    self.handpiece = handpiece
    self.drive = drive
    self.microstepsPerMillimetre = microstepsPerMillimetre
    driveHasTorque = handpiece.isTorqueOn
    self.drive.setTorque(driveHasTorque, at: handpiece.now)
    followDrive()
  }

  /// A handpiece and a drive as shipped, switched on at `start`.
  public init(_ parameters: HandpieceParameters = HandpieceParameters(), seed: UInt64, at start: Instant) {
    self.init(
      handpiece: Handpiece(parameters, seed: seed, at: start),
      drive: TMCLDevice(at: start, seed: seed ^ 0x5DEE_CE66))
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
    for index in 0..<bytes.count { drive.receive(bytes[index], at: now) }
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
      repairDrive()
    }
    followTorque()
    advance(to: now)
  }

  private mutating func runDrive() {
    drive.advance(to: now)
    while let fault = faults.takeDue(at: now) { begin(fault) }
    followDrive()
  }

  private mutating func followTorque() {
    guard handpiece.isTorqueOn != driveHasTorque else { return }
    driveHasTorque = handpiece.isTorqueOn
    drive.setTorque(driveHasTorque, at: now)
    followDrive()
  }

  /// Takes over the stop's place, the replies, and when the drive wants to be asked again.
  private mutating func followDrive() {
    while true {
      let sent = drive.transmit(at: now)
      if sent.count == 0 { break }
      replies.append(sent)
    }
    handpiece.setDepth(drive.depth(microstepsPerMillimetre: microstepsPerMillimetre))
    nextDriveEvent = drive.nextEvent
    let isMoving = drive.axis.activity != .resting || drive.axis.speed != 0
    let grid: Int64 = 1_000_000
    nextSample =
      isMoving
      ? Instant(sinceBoot: Nanoseconds((now.sinceBoot.count / grid + 1) * grid)) : .distantFuture
  }

  private mutating func begin(_ fault: DriveFault) {
    switch fault {
    case .mute: drive.faults.mute = true
    case .deaf: drive.faults.deaf = true
    case .late(let delay): drive.faults.extraDelay = delay
    case .corrupt(let perMillion): drive.faults.corruptedPerMillion = perMillion
    case .losing(let perMillion): drive.faults.lostPerMillion = perMillion
    case .lying(let microsteps): drive.faults.positionError = microsteps
    case .restart:
      drive.restart(at: now)
      drive.setTorque(driveHasTorque, at: now)
    }
  }

  private mutating func repairDrive() {
    drive.faults.mute = false
    drive.faults.deaf = false
    drive.faults.extraDelay = .zero
    drive.faults.corruptedPerMillion = 0
    drive.faults.lostPerMillion = 0
    drive.faults.positionError = 0
  }
}
