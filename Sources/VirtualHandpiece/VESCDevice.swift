import DriveLink
public import StrokeControl
public import Units

/// One or two virtual VESCs behind a serial port: the one at the port, and one on its CAN bus, to which it passes packets on.
///
/// A value without I/O, used as ``TMCLDevice`` is.
public struct VESCDevice: Sendable {
  public var near: VESCUnit
  public var far: VESCUnit?
  public var faults: ControllerFaults
  /// A byte's time on the line: 10.85 µs at 921,600 baud.
  public var byteTime = Nanoseconds(10_851)
  /// From a question's last byte to its answer's first; and more for the way over the CAN bus.
  public var answerDelay = Nanoseconds.microseconds(300)
  public var busDelay = Nanoseconds.milliseconds(1)
  /// Packets that arrived whole.
  public private(set) var packets = 0
  private var accumulator = VESCAccumulator()
  private var outbox = VESCOutbox()
  private var now: Instant

  /// Controllers switched on at `now`, on a line at 921,600 baud.
  public init(near: VESCUnitParameters, far: VESCUnitParameters? = nil, at now: Instant, seed: UInt64 = 1) {
    self.near = VESCUnit(near, at: now)
    self.far = far.map { VESCUnit($0, at: now) }
    faults = ControllerFaults(seed: seed)
    self.now = now
  }

  /// Takes a byte from the host.
  public mutating func receive(_ byte: UInt8, at instant: Instant) {
    advance(to: instant)
    guard !faults.deaf, near.isBooted else {
      accumulator.removeAll()
      return
    }
    guard accumulator.append(byte) else { return }
    packets += 1
    if faults.garbled {
      if !faults.mute { outbox.addNoise(at: now + answerDelay, byteTime: byteTime, faults: &faults) }
    } else {
      handle(accumulator.payload)
    }
  }

  /// Lets time pass: axes move, time-outs may expire.
  public mutating func advance(to instant: Instant) {
    now = instant.later(of: now)
    near.advance(to: now)
    far?.advance(to: now)
  }

  /// The next instant at which something happens by itself.
  public var nextEvent: Instant {
    let next = outbox.nextDue.earlier(of: near.nextEvent)
    guard let far else { return next }
    return next.earlier(of: far.nextEvent)
  }

  /// Up to 64 bytes whose time has come; call it until it returns none.
  public mutating func transmit(at instant: Instant) -> SerialBytes {
    advance(to: instant)
    return outbox.take(at: now)
  }

  public mutating func setTorque(_ on: Bool, at instant: Instant) {
    advance(to: instant)
    near.setTorque(on)
    far?.setTorque(on)
  }

  /// Both restart, as after a dip of their supply.
  public mutating func restart(at instant: Instant) {
    advance(to: instant)
    near.restart()
    far?.restart()
    accumulator = VESCAccumulator()
    outbox = VESCOutbox()
  }

  private mutating func handle(_ payload: VESCPayload) {
    guard payload[0] == VESCCommand.forwardCAN.number else {
      if let answer = near.answer(payload) { send(answer, after: answerDelay) }
      return
    }
    guard let far, payload[1] == far.parameters.number, payload.count > 2, far.isBooted else { return }
    var inner = VESCPayload()
    for index in 2..<payload.count { inner.append(payload[index]) }
    if let answer = self.far?.answer(inner) { send(answer, after: answerDelay + busDelay) }
  }

  private mutating func send(_ payload: VESCPayload, after delay: Nanoseconds) {
    guard !faults.mute else { return }
    outbox.add(payload, at: now + delay + faults.extraDelay, byteTime: byteTime, faults: &faults)
  }
}

/// What the drive and the handpiece are to each other.
extension VESCDevice {
  /// The controller that holds the depth axis.
  private var holder: VESCUnit { far ?? near }

  /// Where the depth axis holds the stop.
  var depth: Micrometres { Micrometres(Int32(holder.depth.rounded())) }

  var isDepthMoving: Bool { holder.axis.isMoving(at: now) }

  /// A controller that lies does so about angle and speed. The same figure is the same depth as of a stepper: 51,200 to the
  /// millimetre.
  mutating func lie(_ figure: Int32) {
    near.motor.rateError = figure
    near.lie(micrometres: Double(figure) / 51.2)
    far?.lie(micrometres: Double(figure) / 51.2)
  }
}
