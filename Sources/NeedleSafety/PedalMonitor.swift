public import Units

/// Judges the pedal's complementary pair: a press counts after 20 ms, a release at once, equal contacts for 100 ms are a
/// fault.
public struct PedalMonitor: Hashable, Sendable, BitwiseCopyable {
  /// Normally open and normally closed contact, as last seen; released at first, so that nothing starts by itself.
  private var open = false
  private var closed = true
  /// When the contacts last changed.
  private var changedAt = Instant.boot
  /// The press that counts: debounced, and not yet released.
  public private(set) var isPressed = false
  /// Counts fresh presses, so that a run can tell one: only a press that comes after both contacts said released counts.
  public private(set) var presses: UInt32 = 0
  /// Both contacts said released since the last press that counted, or since presses were last spent.
  private var wasReleased = true
  /// A press was used up at its first contact: until the pedal has rested released, what its contacts do is that press's bounce.
  private var mustRest = false

  @_noLocks public init() {}

  /// Takes over the contacts at an instant (an edge's own time where there is one).
  @_noLocks public mutating func update(normallyOpen: Bool, normallyClosed: Bool, at instant: Instant) {
    if normallyOpen != open || normallyClosed != closed {
      open = normallyOpen
      closed = normallyClosed
      changedAt = instant
    }
    if !contactsSayPressed { isPressed = false }
    // One contact that flickers ends a run, but is no release: the other still says pressed.
    if isReleased, !mustRest { wasReleased = true }
  }

  /// Uses up a press that is under way, debounced or not: only one after a release counts.
  @_noLocks public mutating func spend() { wasReleased = isReleased }

  /// Uses up a press at its first contact, bounce and all: only one after the pedal has rested released counts.
  @_noLocks public mutating func spendWithBounce() {
    wasReleased = false
    mustRest = true
  }

  /// Lets time pass: a press that has stood long enough starts to count.
  @_noLocks public mutating func advance(to now: Instant) {
    if mustRest, hasComeUp(at: now) {
      mustRest = false
      wasReleased = true
    }
    guard contactsSayPressed, !isPressed, now - changedAt >= SignalTiming.pedalPress else { return }
    isPressed = true
    guard wasReleased else { return }
    wasReleased = false
    presses &+= 1
  }

  /// Both contacts say released. Not the opposite of ``isPressed``: between the two the pedal is moving or broken.
  public var isReleased: Bool { @_noLocks get { !open && closed } }

  /// Both contacts have said released for as long as a press has to stand: the bounce of a release is over.
  @_noLocks public func hasComeUp(at now: Instant) -> Bool {
    isReleased && now - changedAt >= SignalTiming.pedalPress
  }

  /// The contacts have been equal for too long: a wire is open or shorted.
  @_noLocks public func disagrees(at now: Instant) -> Bool {
    open == closed && now - changedAt >= SignalTiming.pedalDisagreement
  }

  /// When time alone will change a verdict.
  public var deadline: Instant {
    @_noLocks get {
      if open == closed { return changedAt + SignalTiming.pedalDisagreement }
      return contactsSayPressed && !isPressed ? changedAt + SignalTiming.pedalPress : .distantFuture
    }
  }

  private var contactsSayPressed: Bool { @_noLocks get { open && !closed } }

  /// What it knows as one number, instants counted from `origin`, up to a second: for model checking.
  public func stamp(from origin: Instant) -> UInt64 {
    let age = min((origin - changedAt).count, 1_000_000_000)
    let flags =
      (open ? 1 : 0) | (closed ? 2 : 0) | (isPressed ? 4 : 0) | (wasReleased ? 8 : 0)
      | (mustRest ? 16 : 0)
    return UInt64(bitPattern: age) << 5 | UInt64(flags)
  }
}
