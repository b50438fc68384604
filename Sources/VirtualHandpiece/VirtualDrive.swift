public import StrokeControl
public import Units

/// The drive's end of the serial line, with whatever controllers are on it: a stepper with the depth axis, and on a rotary machine
/// the servo that turns the needle.
public struct VirtualDrive: Sendable {
  /// The depth axis's TMCL module.
  public private(set) var stepper: TMCLDevice?
  /// The needle motor's TMCL module, on the same line.
  public private(set) var servo: TMCLDevice?
  /// The VESCs, on a machine that has those instead.
  public private(set) var vesc: VESCDevice?
  /// What one millimetre of depth is to the axis.
  let microstepsPerMillimetre: Int32
  /// Revolutions of the motor for revolutions of the cam.
  let gear: MotorGear
  public private(set) var hasTorque = true
  public let turnsNeedle: Bool

  /// TMCL modules: `servo` is `nil` on a linear machine. `microstepsPerMillimetre` is the axis's screw: 200 × 256 microsteps at
  /// 1 mm per revolution.
  public init(
    stepper: TMCLDevice, servo: TMCLDevice? = nil, microstepsPerMillimetre: Int32 = 51_200,
    gear: MotorGear = MotorGear()
  ) {
    self.stepper = stepper
    self.servo = servo
    turnsNeedle = servo != nil
    self.microstepsPerMillimetre = microstepsPerMillimetre
    self.gear = gear
  }

  /// One or two VESCs.
  public init(vesc: VESCDevice, gear: MotorGear = MotorGear()) {
    self.vesc = vesc
    turnsNeedle = vesc.near.parameters.turnsNeedle
    microstepsPerMillimetre = 51_200
    self.gear = gear
  }

  /// Takes bytes from the host, each as its own.
  public mutating func receive(_ bytes: borrowing SerialBytes, at now: Instant) {
    for index in 0..<bytes.count {
      stepper?.receive(bytes[index], at: now)
      servo?.receive(bytes[index], at: now)
      vesc?.receive(bytes[index], at: now)
    }
  }

  /// Lets time pass.
  public mutating func advance(to now: Instant) {
    stepper?.advance(to: now)
    servo?.advance(to: now)
    vesc?.advance(to: now)
  }

  /// When something next happens by itself. The devices are large, and are not to be copied for a glance.
  public var nextEvent: Instant {
    (stepper?.nextEvent ?? .distantFuture).earlier(of: servo?.nextEvent ?? .distantFuture)
      .earlier(of: vesc?.nextEvent ?? .distantFuture)
  }

  /// From a request to its reply at the least.
  public var quickestReply: Nanoseconds {
    var delays = [stepper?.parameters.replyDelay, servo?.parameters.replyDelay].compactMap { $0 }
    if let vesc { delays.append(vesc.answerDelay) }
    return delays.min() ?? .zero
  }

  /// Up to 64 bytes whose time has come; call it until it returns none.
  public mutating func transmit(at now: Instant) -> SerialBytes {
    if let bytes = stepper?.transmit(at: now), bytes.count > 0 { return bytes }
    if let bytes = servo?.transmit(at: now), bytes.count > 0 { return bytes }
    return vesc?.transmit(at: now) ?? SerialBytes()
  }

  public mutating func setTorque(_ on: Bool, at now: Instant) {
    hasTorque = on
    stepper?.setTorque(on, at: now)
    servo?.setTorque(on, at: now)
    vesc?.setTorque(on, at: now)
  }

  /// For who wants to spoil the VESCs.
  public mutating func changeVESC(_ change: (inout VESCDevice) -> Void) {
    guard var device = vesc else { return }
    change(&device)
    vesc = device
  }

  /// For who wants to spoil one module only.
  public mutating func changeServo(_ change: (inout TMCLDevice) -> Void) {
    guard var device = servo else { return }
    change(&device)
    servo = device
  }

  public mutating func restart(at now: Instant) {
    stepper?.restart(at: now)
    servo?.restart(at: now)
    vesc?.restart(at: now)
  }
}

/// What the drive and the handpiece are to each other.
extension VirtualDrive {
  /// Where the depth axis holds the stop.
  public var depth: Micrometres {
    vesc?.depth ?? stepper?.depth(microstepsPerMillimetre: microstepsPerMillimetre) ?? .zero
  }

  public var isDepthMoving: Bool {
    if let vesc { return vesc.isDepthMoving }
    guard let axis = stepper?.axis else { return false }
    return axis.activity != .resting || axis.speed != 0
  }

  /// What the needle's motor does to the cam.
  public var camDemand: MotorDemand { gear.cam(vesc?.near.motor.demand ?? servo?.motor.demand ?? .free) }

  /// How fast the cam turns, which the motor's sensor sees.
  public mutating func setCamRate(_ rate: Millihertz) {
    servo?.motor.rate = gear.shaft(rate)
    vesc?.near.motor.rate = gear.shaft(rate)
  }
}

/// What a plant wants to know of its drive after every byte and event.
struct DriveSight {
  var nextEvent: Instant
  var depth: Micrometres
  var isDepthMoving: Bool
  var camDemand: MotorDemand
}

extension VirtualDrive {
  /// Mutating only so that nothing is copied: for each of the getters the compiler copies whole modules, 3 kB each, out of their
  /// optionals.
  mutating func look() -> DriveSight {
    var sight = DriveSight(
      nextEvent: .distantFuture, depth: .zero, isDepthMoving: false, camDemand: .free)
    stepper?.look(into: &sight, microstepsPerMillimetre: microstepsPerMillimetre)
    vesc?.look(into: &sight)
    if turnsNeedle {
      servo?.look(into: &sight)
      sight.camDemand = gear.cam(sight.camDemand)
    }
    return sight
  }
}

extension VESCDevice {
  fileprivate mutating func look(into sight: inout DriveSight) {
    sight.nextEvent = sight.nextEvent.earlier(of: nextEvent)
    sight.depth = depth
    sight.isDepthMoving = isDepthMoving
    sight.camDemand = near.motor.demand
  }
}

extension TMCLDevice {
  fileprivate mutating func look(into sight: inout DriveSight, microstepsPerMillimetre: Int32) {
    sight.nextEvent = sight.nextEvent.earlier(of: nextEvent)
    sight.depth = depth(microstepsPerMillimetre: microstepsPerMillimetre)
    sight.isDepthMoving = axis.activity != .resting || axis.speed != 0
  }

  fileprivate mutating func look(into sight: inout DriveSight) {
    sight.nextEvent = sight.nextEvent.earlier(of: nextEvent)
    sight.camDemand = motor.demand
  }
}

/// What goes wrong on the line, the same for every controller on it.
extension VirtualDrive {
  public mutating func begin(_ fault: DriveFault, at now: Instant) {
    if case .restart = fault {
      restart(at: now)
      return
    }
    stepper?.faults.begin(fault)
    servo?.faults.begin(fault)
    servo?.motor.lie(fault)
    vesc?.faults.begin(fault)
    if case .lying(let figure) = fault { vesc?.lie(figure) }
  }

  public mutating func repair() {
    stepper?.faults.repair()
    servo?.faults.repair()
    servo?.motor.rateError = 0
    vesc?.faults.repair()
    vesc?.lie(0)
  }
}
