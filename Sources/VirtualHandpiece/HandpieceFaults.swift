import NeedleSafety
import Units

// How faults and contacts act on the handpiece.
extension Handpiece {
  mutating func take(_ change: ContactSchedule.Change) {
    guard let level = change.level else {
      disturbances.flipped ^= change.signal.bit
      readInputs()
      return
    }
    sense(change.signal, high: level)
    if change.signal == .emergencyStopA || change.signal == .emergencyStopB { followTorque() }
  }

  mutating func begin(_ fault: HandpieceFault) {
    switch fault {
    case .stuck(let signal, let high): wiring.stick(signal, high: high)
    case .noisy(let signal):
      disturbances.noisy |= signal.bit
      planSpike()
    case .bouncing(let signal): disturbances.bouncing |= signal.bit
    case .inputOpen(let signal): wiring.open(signal)
    case .inputShorted(let signal): wiring.short(signal)
    case .outputOpen(let signal): wiring.open(signal)
    case .outputShorted(let signal): wiring.short(signal)
    case .oneShotPassesThrough: oneShot.condition = .passesThrough
    case .oneShotDead: oneShot.condition = .dead
    case .watchdogDead: watchdog.isDead = true
    case .springBroken: springBroken = true
    case .needleJammed:
      needle.jam(at: now)
      cam.jam(at: now)
    case .coilWeak(let percent): coilPercent = percent
    case .camSpeed(let percent): cam.setSpeedShare(Double(percent) / 100, at: now)
    case .driveFault: sense(.driveFaultAbsent, high: false)
    }
    followOutputs()
    pullNeedle()
    readInputs()
  }

  private mutating func planSpike() {
    disturbances.nextSpike = now + .microseconds(100) + generator.duration(upTo: .milliseconds(20))
  }

  /// One spike of 1 to 100 µs on one of the noisy lines.
  mutating func spike() {
    let lines = disturbances.noisy
    guard lines != 0 else {
      disturbances.nextSpike = .distantFuture
      return
    }
    var rest = lines
    for _ in 0..<generator.below(Int64(lines.nonzeroBitCount)) { rest &= rest - 1 }
    if let signal = InputSignal(rawValue: UInt8(truncatingIfNeeded: rest.trailingZeroBitCount)) {
      flip(signal, for: .microseconds(1) + generator.duration(upTo: .microseconds(99)))
    }
    planSpike()
  }

  /// One to three flips of a line within 0.5 ms of its change.
  mutating func bounce(line signal: InputSignal) {
    var start = now
    for _ in 0...generator.below(3) {
      start += .microseconds(1) + generator.duration(upTo: .microseconds(80))
      let width = Nanoseconds.microseconds(1) + generator.duration(upTo: .microseconds(80))
      scheduleFlip(signal, at: start, until: start + width)
      start += width
    }
  }

  private mutating func flip(_ signal: InputSignal, for width: Nanoseconds) {
    scheduleFlip(signal, at: now, until: now + width)
    while contacts.next <= now, let change = contacts.takeNext() { take(change) }
  }

  /// Both halves or neither: a line is never left flipped.
  private mutating func scheduleFlip(_ signal: InputSignal, at start: Instant, until end: Instant) {
    guard contacts.room >= 2 else { return }
    contacts.insert(ContactSchedule.Change(at: start, signal: signal, level: nil))
    contacts.insert(ContactSchedule.Change(at: end, signal: signal, level: nil))
  }
}
