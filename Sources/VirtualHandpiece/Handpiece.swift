public import NeedleSafety
import StrokeControl
public import Units

/// The handpiece with the board around it: coil and spring or motor and cam, depth stop, sensors, pedal, cartridge, guard,
/// emergency stop, safe torque off, one-shot and external watchdog.
///
/// A value: it has no clock of its own and does nothing until told how late it is. The same parameters, seed and calls give
/// the same history, to the nanosecond, however finely ``advance(to:)`` is called.
public struct Handpiece: Sendable {
  public let parameters: HandpieceParameters
  /// Up to where its history has happened.
  public private(set) var now: Instant
  /// When it will next change by itself; `.distantFuture` when only an output or a person can change it.
  public private(set) var nextEvent = Instant.distantFuture
  /// The levels at the board's input pins.
  public private(set) var inputs: InputLevels
  /// Changes of ``inputs`` since the caller last emptied it.
  public var edges = EdgeQueue()
  public internal(set) var truth = GroundTruth()

  var needle: NeedleMotion
  /// Of a rotary handpiece; it stands still in a linear one.
  var cam: CamMotion
  let isRotary: Bool
  var oneShot: OneShot
  var watchdog: ExternalWatchdog
  var coil: DelayedLevel
  var feedback: DelayedLevel
  var wiring = Wiring()
  var contacts = ContactSchedule()
  var generator: SeededGenerator
  var disturbances = Disturbances()
  var faults = FaultSchedule<HandpieceFault>()
  /// What the sensors and contacts give, before wiring and disturbances.
  var sensed = InputLevels.atRest
  var outputs = OutputLevels.safe
  var torque = false
  var springBroken = false
  var coilPercent: UInt8 = 100
  var depth = Micrometres.zero
  private var motorDemand = MotorDemand.free

  /// A handpiece at rest: loops closed, pedal up, cartridge seated, needle home, torque off, depth stop at zero.
  public init(_ parameters: HandpieceParameters = HandpieceParameters(), seed: UInt64, at start: Instant) {
    self.parameters = parameters
    now = start
    inputs = .atRest
    needle = NeedleMotion(parameters, stop: parameters.travel(to: .zero))
    isRotary = parameters.cam != nil
    cam = CamMotion(parameters, parameters.cam ?? CamParameters(), depth: .zero)
    oneShot = OneShot(limit: parameters.oneShot)
    watchdog = ExternalWatchdog(window: parameters.watchdogWindow)
    coil = DelayedLevel(rise: parameters.coilRise, fall: parameters.coilFall)
    feedback = DelayedLevel(rise: parameters.torqueFeedbackDelay, fall: parameters.torqueFeedbackDelay)
    generator = SeededGenerator(seed: seed)
    pullNeedle()
    findNextEvent()
  }

  // MARK: What the board does

  /// The levels of the outputs from this instant on.
  public mutating func apply(outputs levels: OutputLevels, at instant: Instant) {
    advance(to: instant)
    outputs = levels
    followOutputs()
    findNextEvent()
  }

  /// Lets everything happen up to and including an instant. An instant in the past changes nothing.
  public mutating func advance(to instant: Instant) {
    while nextEvent <= instant {
      now = now.later(of: nextEvent)
      takeDueEvents()
      findNextEvent()
    }
    now = now.later(of: instant)
  }

  /// Where the depth axis holds the stop: how far the needle can protrude. Held to what the mechanics allow.
  public mutating func setDepth(_ newDepth: Micrometres) {
    guard newDepth != depth else { return }
    depth = newDepth
    if isRotary {
      if let event = cam.setDepth(newDepth, at: now) { note(event) }
    } else if let event = needle.setStop(parameters.travel(to: newDepth), at: now) {
      note(event)
    }
    if truth.stroke != nil, zone == .past || zone == .bottom { noteDepth() }
    findNextEvent()
  }

  /// What the needle motor does from now on; a linear handpiece has none, and nothing happens.
  public mutating func turn(_ demand: MotorDemand) {
    guard isRotary, demand != motorDemand else { return }
    motorDemand = demand
    cam.setDemand(demand, hasTorque: torque, at: now)
    findNextEvent()
  }

  /// ``camRate``, mutating only so that nothing is copied.
  mutating func lookAtCam() -> Millihertz { Millihertz(Int32((cam.rate(at: now) * 1_000).rounded())) }

  /// Revolutions of the cam per second at present; 0 Hz on a linear handpiece.
  public var camRate: Millihertz { Millihertz(Int32((cam.rate(at: now) * 1_000).rounded())) }

  // MARK: What judges may know

  /// The needle from its home rest, whole µm, rounded down.
  public var needlePosition: Micrometres {
    Micrometres(Int32(isRotary ? cam.position(at: now) : needle.position(at: now)))
  }
  /// The needle beyond the nose; negative inside.
  public var protrusion: Micrometres {
    guard let cam = parameters.cam else { return needlePosition - parameters.noseRecess }
    return needlePosition - (cam.stroke - depth)
  }
  /// The needle is at or behind the home mark, whatever the sensor says.
  public var isNeedleHome: Bool { zone == .home }
  public var isTorqueOn: Bool { torque }
  public var isOneShotHigh: Bool { oneShot.output }
  /// Where the depth stop stands.
  public var depthStop: Micrometres { depth }

  private var zone: NeedleMotion.Zone { isRotary ? cam.zone : needle.zone }

  // MARK: What happens by itself

  private mutating func findNextEvent() {
    nextEvent = (isRotary ? cam.nextEvent : needle.nextEvent)
      .earlier(of: oneShot.expiry)
      .earlier(of: coil.changeAt)
      .earlier(of: feedback.changeAt)
      .earlier(of: watchdog.expiry)
      .earlier(of: contacts.next)
      .earlier(of: disturbances.nextSpike)
      .earlier(of: faults.next)
  }

  /// Everything due now, causes before what they cause: contacts and faults, then torque, coil, needle, sensors.
  private mutating func takeDueEvents() {
    while contacts.next <= now, let change = contacts.takeNext() { take(change) }
    while let fault = faults.takeDue(at: now) { begin(fault) }
    if disturbances.nextSpike <= now { spike() }
    if watchdog.expiry <= now {
      watchdog.expire()
      followTorque()
    }
    if oneShot.expiry <= now {
      oneShot.expire()
      endPulse(cut: true)
      followCoil()
    }
    if coil.changeAt <= now {
      coil.change()
      pullNeedle()
    }
    if isRotary {
      while cam.nextEvent <= now { note(cam.takeEvent()) }
    } else {
      while needle.nextEvent <= now { note(needle.takeEvent()) }
    }
    if feedback.changeAt <= now {
      feedback.change()
      sense(.torqueFeedback, high: feedback.level)
    }
  }

  mutating func followOutputs() {
    let driven = OutputLevels(bits: wiring.outputs(outputs.bits))
    watchdog.follow(line: driven.isHigh(.watchdog), at: now)
    let wasHigh = oneShot.output
    oneShot.follow(fire: driven.isHigh(.fire), at: now)
    if wasHigh, !oneShot.output { endPulse(cut: false) }
    followTorque()
  }

  /// Safe torque off as wired: both channels, both loops and the watchdog in series, without software.
  mutating func followTorque() {
    let driven = OutputLevels(bits: wiring.outputs(outputs.bits))
    let on =
      driven.isHigh(.torqueEnableA) && driven.isHigh(.torqueEnableB) && wiring.loopsCarry(sensed.bits)
      && watchdog.permitsTorque
    if on != torque {
      torque = on
      feedback.follow(on, at: now)
      noteTorque()
      if isRotary { cam.setDemand(motorDemand, hasTorque: on, at: now) }
    }
    followCoil()
  }

  private mutating func followCoil() { coil.follow(torque && oneShot.output, at: now) }

  mutating func pullNeedle() {
    if isRotary { return }
    let metres: Double
    if coil.level {
      metres = parameters.extendMetresPerSecondSquared * Double(coilPercent) / 100
    } else {
      metres = springBroken ? 0 : -parameters.returnMetresPerSecondSquared
    }
    needle.setForce(HandpieceParameters.perNanosecondSquared(metres), at: now)
  }

  /// What a sensor or contact gives from now on.
  mutating func sense(_ signal: InputSignal, high: Bool) {
    guard sensed.isHigh(signal) != high else { return }
    sensed.set(signal, high: high)
    if signal.bit & disturbances.bouncing != 0 { bounce(line: signal) }
    readInputs()
  }

  /// Brings ``inputs`` up to what arrives at the pins, one edge per line that changed.
  mutating func readInputs() {
    let arriving = wiring.inputs(sensed.bits ^ disturbances.flipped)
    var changed = arriving ^ inputs.bits
    guard changed != 0 else { return }
    inputs.bits = arriving
    while changed != 0 {
      let raw = UInt8(truncatingIfNeeded: changed.trailingZeroBitCount)
      changed &= changed - 1
      guard let signal = InputSignal(rawValue: raw) else { continue }
      edges.append(Edge(signal: signal, rising: inputs.isHigh(signal), at: now))
    }
  }

  /// For the extensions that change something by a person's hand or a fault.
  mutating func settle() { findNextEvent() }
}
