import Units

/// The needle along its travel: constant acceleration in each phase, so that the instant of every event has a closed form
/// and does not depend on how often anyone looks.
///
/// Positions are micrometres from the home rest, times nanoseconds. A phase lasts until the force changes; every crossing in
/// it is worked out from the phase's own start, so that rounding to the nanosecond does not add up.
struct NeedleMotion: Equatable, Sendable, BitwiseCopyable {
  /// Where the needle is between the marks that sensors and judges look at.
  enum Zone: Int8, Sendable, BitwiseCopyable {
    case home, inside, past, bottom
  }

  /// What happens at an event.
  enum Event: UInt8, Sendable, BitwiseCopyable {
    case leftHome, passedNose, reachedBottom, leftBottom, returnedToNose, reachedHome
    /// Stopped by the depth stop, by the home rest, or turned in the air.
    case stopped
  }

  private let homeMark: Double
  private let noseMark: Double
  private let bottomMargin: Double
  private var stop: Double
  private var drag: Double

  private var phaseStart = Instant.boot
  private var startPosition = 0.0
  private var startVelocity = 0.0
  private var acceleration = 0.0
  private var force = 0.0
  private var upward = false
  private(set) var isMoving = false
  private(set) var isJammed = false
  private(set) var zone = Zone.home
  /// When the next event comes; `.distantFuture` at rest.
  private(set) var nextEvent = Instant.distantFuture

  init(_ parameters: HandpieceParameters, stop: Double) {
    homeMark = Double(parameters.homeThreshold.count)
    noseMark = Double(parameters.noseRecess.count)
    bottomMargin = Double(parameters.bottomMargin.count)
    drag = HandpieceParameters.perNanosecondSquared(parameters.skinDragMetresPerSecondSquared)
    self.stop = stop
  }

  /// The bottom sensor sits on the depth stop; with a shallow depth its mark is the nose itself.
  private var bottomMark: Double { Swift.max(noseMark, stop - bottomMargin) }

  func position(at instant: Instant) -> Double {
    guard isMoving else { return startPosition }
    let time = Double((instant - phaseStart).count)
    return Swift.min(Swift.max(startPosition + (startVelocity + acceleration * time / 2) * time, 0), stop)
  }

  private func velocity(at instant: Instant) -> Double {
    isMoving ? startVelocity + acceleration * Double((instant - phaseStart).count) : 0
  }

  /// A new force on the needle, as the acceleration it gives without drag.
  mutating func setForce(_ newForce: Double, at instant: Instant) {
    guard newForce != force else { return }
    let position = position(at: instant)
    let velocity = velocity(at: instant)
    force = newForce
    startPhase(at: instant, position: position, velocity: velocity)
  }

  /// The needle sticks where it is, for good.
  mutating func jam(at instant: Instant) {
    let position = position(at: instant)
    isJammed = true
    startPhase(at: instant, position: position, velocity: 0)
  }

  mutating func free(at instant: Instant) {
    isJammed = false
    startPhase(at: instant, position: position(at: instant), velocity: 0)
  }

  /// The depth stop moved. A needle it meets is pushed back; one that rested on it follows when driven. Gives the change of
  /// the bottom sensor, which moves with the stop.
  mutating func setStop(_ newStop: Double, at instant: Instant) -> Event? {
    guard newStop != stop else { return nil }
    let position = position(at: instant)
    let velocity = velocity(at: instant)
    stop = newStop
    guard zone != .home || isMoving else { return nil }
    let isPushed = position >= newStop
    startPhase(at: instant, position: Swift.min(position, newStop), velocity: isPushed ? 0 : velocity)
    let isAtBottom = Swift.min(position, newStop) >= bottomMark
    guard (zone == .bottom) != isAtBottom, zone == .bottom || zone == .past else { return nil }
    zone = isAtBottom ? .bottom : .past
    planNext()
    return isAtBottom ? .reachedBottom : .leftBottom
  }

  /// Carries out the event due at ``nextEvent``.
  mutating func takeEvent() -> Event {
    let instant = nextEvent
    let mark = targetMark
    let reachesMark = reaches(mark)
    guard reachesMark, let event = eventAtMark else {
      // A turn in the air goes on from standing, and neither end of the travel gives speed back.
      startPhase(at: instant, position: reachesMark ? mark : position(at: instant), velocity: 0)
      return .stopped
    }
    switch event {
    case .leftHome, .returnedToNose: zone = .inside
    case .passedNose, .leftBottom: zone = .past
    case .reachedBottom: zone = .bottom
    case .reachedHome, .stopped: zone = .home
    }
    if drag != 0, event == .passedNose || event == .returnedToNose {
      startPhase(at: instant, position: mark, velocity: velocity(at: instant))
    } else {
      planNext()
    }
    return event
  }

  private mutating func startPhase(at instant: Instant, position: Double, velocity: Double) {
    phaseStart = instant
    startPosition = position
    startVelocity = isJammed ? 0 : velocity
    upward = velocity != 0 ? velocity > 0 : force > 0
    let isInSkin = zone == .past || zone == .bottom
    let resistance = isInSkin ? (upward ? -drag : drag) : 0
    acceleration = force + resistance
    let isHeld =
      (position <= 0 && force <= 0 && velocity <= 0) || (position >= stop && force >= 0 && velocity >= 0)
      || (velocity == 0 && (force == 0 || (isInSkin && force.magnitude <= drag)))
    isMoving = !isJammed && !isHeld
    planNext()
  }

  private mutating func planNext() {
    guard isMoving else {
      nextEvent = .distantFuture
      return
    }
    let sign = upward ? 1.0 : -1.0
    let distance = Swift.max((targetMark - startPosition) * sign, 0)
    let speed = startVelocity * sign
    let push = acceleration * sign
    let discriminant = speed * speed + 2 * push * distance
    let time: Double
    if distance == 0 {
      time = 0
    } else if discriminant >= 0 {
      time = 2 * distance / (speed + discriminant.squareRoot())
    } else {
      time = -speed / push
    }
    nextEvent = phaseStart + Nanoseconds(Int64(time.rounded()))
  }

  private func reaches(_ mark: Double) -> Bool {
    let sign = upward ? 1.0 : -1.0
    let distance = Swift.max((mark - startPosition) * sign, 0)
    return startVelocity * startVelocity + 2 * acceleration * sign * distance >= 0
  }

  private var targetMark: Double {
    switch (zone, upward) {
    case (.home, true): homeMark
    case (.inside, true): noseMark
    case (.past, true): bottomMark
    case (.bottom, true): stop
    case (.home, false): 0
    case (.inside, false): homeMark
    case (.past, false): noseMark
    case (.bottom, false): bottomMark
    }
  }

  private var eventAtMark: Event? {
    switch (zone, upward) {
    case (.home, true): .leftHome
    case (.inside, true): .passedNose
    case (.past, true): .reachedBottom
    case (.bottom, true), (.home, false): nil
    case (.inside, false): .reachedHome
    case (.past, false): .returnedToNose
    case (.bottom, false): .leftBottom
    }
  }
}
