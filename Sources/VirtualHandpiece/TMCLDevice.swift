import DriveLink
public import StrokeControl
public import Units

/// A virtual Trinamic module, a stepper with the depth axis on it or a servo with the needle's motor: the device's end of a
/// TMCL line.
///
/// A value without I/O. Whoever owns the line calls `receive` with the host's bytes, `advance` as time passes (no later than
/// ``nextEvent``), and `transmit` for the bytes whose time has come.
public struct TMCLDevice: Sendable {
  public let parameters: TMCLDeviceParameters
  /// The depth axis; at rest for ever in a module whose family turns the needle.
  public var axis: DepthAxis
  /// The needle's motor, in a module whose family has one.
  public var motor = ServoMotor()
  public var faults: ControllerFaults
  /// Requests that arrived whole; those among them answered with an error; times the heartbeat stopped the motor; restarts.
  public private(set) var requests = 0
  public private(set) var refusals = 0
  public private(set) var heartbeatExpiries = 0
  public private(set) var restarts = 0

  var axisParameters: TMCLParameterStore
  var globalParameters: TMCLParameterStore
  /// What STAP and STGP wrote: it survives a restart.
  var storedAxisParameters: TMCLParameterStore
  var storedGlobalParameters: TMCLParameterStore
  var now: Instant
  /// When the millisecond counter read 0.
  var tickStart: Instant
  private var bootedAt: Instant
  private var frame = TMCLFrame()
  private var count = 0
  private var lastByte: Instant
  private var lastCommand: Instant
  private var outbox = TMCLOutbox()
  /// The heartbeat stopped the motor in the silence that lasts still.
  private var heartbeatExpired = false

  /// A module switched on at `now`.
  public init(_ parameters: TMCLDeviceParameters = TMCLDeviceParameters(), at now: Instant, seed: UInt64 = 1)
  {
    self.parameters = parameters
    axis = DepthAxis(physicalPosition: parameters.physicalPosition, at: now)
    faults = ControllerFaults(seed: seed)
    axisParameters = .axis(of: parameters.family)
    globalParameters = .global(of: parameters)
    storedAxisParameters = axisParameters
    storedGlobalParameters = globalParameters
    self.now = now
    tickStart = now
    bootedAt = now
    lastByte = now
    lastCommand = now
  }

  /// The depth the axis gives, counted from its switch, in µm of `microstepsPerMillimetre`.
  @inline(__always)
  public func depth(microstepsPerMillimetre: Int32) -> Micrometres {
    Micrometres(Int32((axis.physicalPosition * 1_000 / Double(microstepsPerMillimetre)).rounded()))
  }

  /// Takes bytes from the host.
  public mutating func receive(_ bytes: SerialBytes, at instant: Instant) {
    for index in 0..<bytes.count { receive(bytes[index], at: instant) }
  }

  /// Takes a byte from the host.
  public mutating func receive(_ byte: UInt8, at instant: Instant) {
    advance(to: instant)
    if now - lastByte > parameters.telegramPause { count = 0 }
    lastByte = now
    guard now >= bootedAt, !faults.deaf else {
      count = 0
      return
    }
    frame[count] = byte
    count += 1
    guard count == TMCLFrame.length else { return }
    count = 0
    guard frame[0] == parameters.moduleAddress else { return }
    if faults.garbled {
      answerGarbage()
    } else {
      handle(frame)
    }
  }

  /// Lets time pass: the axis moves, the heartbeat may expire.
  public mutating func advance(to instant: Instant) {
    let end = instant.later(of: now)
    if let expiry = heartbeatExpiry, expiry <= end {
      now = expiry.later(of: now)
      axis.advance(to: now)
      axis.stop(acceleration: acceleration)
      heartbeatExpiries += 1
      // It expires once per silence; the next command starts it anew.
      heartbeatExpired = true
    }
    now = end
    axis.advance(to: now)
  }

  /// The next instant at which something happens by itself: a reply falls due, the axis arrives, the heartbeat expires.
  @inline(__always)
  public var nextEvent: Instant {
    let expiry = heartbeatExpiry ?? .distantFuture
    return axis.nextChange.earlier(of: expiry).earlier(of: outbox.nextDue)
  }

  /// Up to 64 bytes whose time has come; call it until it returns none.
  public mutating func transmit(at instant: Instant) -> SerialBytes {
    advance(to: instant)
    return outbox.take(at: now)
  }

  /// Torque follows the safe torque off line.
  public mutating func setTorque(_ on: Bool, at instant: Instant) {
    advance(to: instant)
    axis.setTorque(on)
    motor.hasTorque = on
  }

  /// The module restarts, as after a dip of its supply: settings, counter and zero are lost, and it is silent for its boot
  /// time.
  public mutating func restart(at instant: Instant) {
    advance(to: instant)
    axis.restart()
    motor.demand = .free
    axisParameters = storedAxisParameters
    globalParameters = storedGlobalParameters
    outbox = TMCLOutbox()
    count = 0
    restarts += 1
    bootedAt = now + parameters.bootTime
    tickStart = bootedAt
    heartbeatExpired = false
    lastCommand = bootedAt
  }

  @inline(__always)
  private var heartbeatExpiry: Instant? {
    let milliseconds = globalParameters[TMCLGlobalParameter.serialHeartbeat]
    guard milliseconds > 0, !heartbeatExpired else { return nil }
    return lastCommand + .milliseconds(Int64(milliseconds))
  }

  private mutating func handle(_ frame: TMCLFrame) {
    requests += 1
    guard let request = TMCLRequest(frame) else {
      refusals += 1
      answer(.wrongChecksum, TMCLInstruction(frame[1]), 0)
      return
    }
    lastCommand = now
    heartbeatExpired = false
    if request.instruction == .firmwareVersion && request.type == 0 {
      answerVersionText()
      return
    }
    let result = execute(request)
    if result.status != .success { refusals += 1 }
    answer(result.status, request.instruction, result.value)
  }

  private mutating func answer(_ status: TMCLStatus, _ instruction: TMCLInstruction, _ value: Int32) {
    let reply = TMCLReply(
      to: parameters.replyAddress, from: parameters.moduleAddress, status, instruction, value: value)
    send(reply.frame)
  }

  /// The text form: reply address and eight characters, without a checksum.
  private mutating func answerVersionText() {
    let minor = parameters.firmwareMinor
    let number = parameters.family.moduleNumber
    let zero = UInt8(ascii: "0")
    var text = TMCLFrame()
    text[0] = parameters.replyAddress
    text[1] = zero + UInt8(number / 1_000)
    text[2] = zero + UInt8(number / 100 % 10)
    text[3] = zero + UInt8(number / 10 % 10)
    text[4] = zero + UInt8(number % 10)
    text[5] = UInt8(ascii: "V")
    text[6] = zero + parameters.firmwareMajor % 10
    text[7] = zero + minor / 10 % 10
    text[8] = zero + minor % 10
    send(text)
  }

  /// At another rate than the host's the module understands nothing, and what it says is noise to the host.
  private mutating func answerGarbage() {
    var noise = TMCLFrame()
    for index in 0..<TMCLFrame.length { noise[index] = UInt8(truncatingIfNeeded: faults.next()) }
    send(noise)
  }

  private mutating func send(_ frame: TMCLFrame) {
    guard !faults.mute else { return }
    outbox.add(frame, due: now + parameters.replyDelay + faults.extraDelay, faults: &faults)
  }
}
