import Units

/// The cam along its turn: constant angular acceleration in each phase, so that every crossing of a mark has a closed form and
/// does not depend on how often anyone looks.
///
/// Turns are counted in revolutions from the top, where the needle is drawn in; the needle is `stroke × (1 − cos 2πφ) / 2` below
/// its home rest. It turns one way only.
struct CamMotion: Equatable, Sendable, BitwiseCopyable {
  /// The marks of one turn, in revolutions, symmetric about the bottom at ½.
  private var leavesHome: Double
  private var passesNose: Double
  private let friction: Double
  private let stroke: Double

  private var phaseStart = Instant.boot
  /// Since the last passage of the top, 0..<1 at the start of the phase; speed in revolutions per ns.
  private var startTurn = 0.0
  private var startSpeed = 0.0
  private var acceleration = 0.0
  /// The speed at which this phase ends, if it does.
  private var endSpeed = 0.0
  private var endsAt = Instant.distantFuture
  private var demand = MotorDemand.free
  private var hasTorque = false
  private(set) var isJammed = false
  /// Drag on the motor, in parts of its demanded speed: 1 turns as it is told.
  private(set) var speedShare = 1.0
  private(set) var zone = NeedleMotion.Zone.home
  /// When the next event comes; `.distantFuture` at rest.
  private(set) var nextEvent = Instant.distantFuture

  init(_ parameters: HandpieceParameters, _ cam: CamParameters, depth: Micrometres) {
    stroke = Double(cam.stroke.count)
    friction = cam.frictionRevolutionsPerSecondSquared * 1e-18
    leavesHome = Self.turn(at: Double(parameters.homeThreshold.count), of: stroke)
    passesNose = Self.turn(at: stroke - Double(depth.count), of: stroke)
  }

  /// The turn at which the needle is `travel` below its rest, 0...½.
  private static func turn(at travel: Double, of stroke: Double) -> Double {
    VirtualHandpiece.turn(ofCosine: min(max(1 - 2 * travel / stroke, -1), 1))
  }

  /// The needle from its home rest, µm.
  func position(at instant: Instant) -> Double {
    stroke * (1 - cosine(ofTurn: turn(at: instant))) / 2
  }

  /// Revolutions per second.
  func rate(at instant: Instant) -> Double { speed(at: instant) * 1e9 }

  /// The depth axis moves the nose along the cam's travel. Gives what the needle finds itself doing when the nose has passed it.
  mutating func setDepth(_ depth: Micrometres, at instant: Instant) -> NeedleMotion.Event? {
    restart(at: instant)
    passesNose = Self.turn(at: stroke - Double(depth.count), of: stroke)
    let isPast = startTurn > passesNose && startTurn < 1 - passesNose
    defer { planNext() }
    switch zone {
    case .inside where isPast:
      zone = .past
      return .passedNose
    case .past where !isPast:
      zone = .inside
      return .returnedToNose
    case .home, .inside, .past, .bottom: return nil
    }
  }

  mutating func setDemand(_ newDemand: MotorDemand, hasTorque torque: Bool, at instant: Instant) {
    guard newDemand != demand || torque != hasTorque else { return }
    restart(at: instant)
    demand = newDemand
    hasTorque = torque
    planPhase()
  }

  /// The motor gives only this share of the speed it is asked for, 0...2; a controller that lost its tune.
  mutating func setSpeedShare(_ share: Double, at instant: Instant) {
    restart(at: instant)
    speedShare = share
    planPhase()
  }

  /// The cam sticks where it is.
  mutating func jam(at instant: Instant) {
    restart(at: instant)
    isJammed = true
    planPhase()
  }

  mutating func free(at instant: Instant) {
    restart(at: instant)
    isJammed = false
    planPhase()
  }

  /// Carries out the event due at ``nextEvent``: `.stopped` where only the acceleration changes.
  mutating func takeEvent() -> NeedleMotion.Event {
    let instant = nextEvent
    guard let mark = nextMark, markAt <= endsAt else {
      let speed = endSpeed
      restart(at: instant)
      startSpeed = speed
      planPhase()
      return .stopped
    }
    restart(at: instant)
    // Exactly on the mark, whatever the rounding of the instant: crossings happen once.
    startTurn = mark.turn
    zone = mark.zone
    planPhase()
    return mark.event
  }

  // MARK: Phases

  private func turn(at instant: Instant) -> Double {
    let time = Double((instant - phaseStart).count)
    return startTurn + (startSpeed + acceleration * time / 2) * time
  }

  private func speed(at instant: Instant) -> Double {
    max(0, startSpeed + acceleration * Double((instant - phaseStart).count))
  }

  private mutating func restart(at instant: Instant) {
    let turn = turn(at: instant)
    startSpeed = speed(at: instant)
    startTurn = turn >= 1 ? turn - 1 : turn
    phaseStart = instant
  }

  private mutating func planPhase() {
    let wanted: Double
    let change: Double
    switch demand {
    case _ where isJammed:
      startSpeed = 0
      (wanted, change) = (0, 0)
    case .run(let rate, let ramp) where hasTorque:
      wanted = Double(rate.count) * 1e-12 * speedShare
      change = Double(ramp) * 1e-18
    case .run, .free:
      (wanted, change) = (0, friction)
    }
    endSpeed = wanted
    let difference = wanted - startSpeed
    acceleration = difference == 0 ? 0 : (difference > 0 ? change : -change)
    if acceleration == 0 {
      endsAt = .distantFuture
    } else {
      endsAt = phaseStart + Nanoseconds(max(1, Int64((difference / acceleration).rounded())))
    }
    planNext()
  }

  private var markAt: Instant {
    guard let mark = nextMark else { return .distantFuture }
    let distance = max(mark.turn + (mark.turn < startTurn ? 1 : 0) - startTurn, 0)
    guard distance > 0 else { return phaseStart }
    let discriminant = startSpeed * startSpeed + 2 * acceleration * distance
    guard discriminant >= 0, startSpeed > 0 || acceleration > 0 else { return .distantFuture }
    let time = 2 * distance / (startSpeed + discriminant.squareRoot())
    guard time.isFinite, time < 1e15 else { return .distantFuture }
    return phaseStart + Nanoseconds(Int64(time.rounded()))
  }

  private mutating func planNext() {
    guard startSpeed > 0 || acceleration > 0 else {
      nextEvent = .distantFuture
      return
    }
    nextEvent = markAt.earlier(of: endsAt)
  }

  /// The mark that the cam comes to next, and what the needle does there.
  private var nextMark: (turn: Double, zone: NeedleMotion.Zone, event: NeedleMotion.Event)? {
    switch zone {
    case .home: (leavesHome, .inside, .leftHome)
    case .inside where startTurn < 0.5 && passesNose < 0.5: (passesNose, .past, .passedNose)
    case .inside: (1 - leavesHome, .home, .reachedHome)
    case .past, .bottom: (1 - passesNose, .inside, .returnedToNose)
    }
  }
}
