import NeedleSafety
public import Units

// What a person does to the handpiece, now.
extension Handpiece {
  /// Presses or releases the foot pedal: one contact opens at once, the other closes after the transit; both bounce.
  public mutating func pedal(down: Bool) {
    let opening: InputSignal = down ? .pedalNormallyClosed : .pedalNormallyOpen
    let closing: InputSignal = down ? .pedalNormallyOpen : .pedalNormallyClosed
    move(opening, toLevel: false, at: now, bounces: true)
    move(closing, toLevel: true, at: now + parameters.pedalTransit, bounces: true)
    finishAction()
  }

  /// Presses (opens) or releases the emergency stop. Its contacts are forced open without bounce, as IEC 60947-5-5 asks of
  /// one, a little apart; they bounce when they close.
  public mutating func emergencyStop(open: Bool) {
    let second = now + generator.duration(upTo: parameters.emergencyStopSkew)
    let isAFirst = generator.below(2) == 0
    move(.emergencyStopA, toLevel: !open, at: isAFirst ? now : second, bounces: !open)
    move(.emergencyStopB, toLevel: !open, at: isAFirst ? second : now, bounces: !open)
    finishAction()
  }

  public mutating func guardCover(open: Bool) {
    move(.guardClosed, toLevel: !open, at: now, bounces: true)
    finishAction()
  }

  public mutating func cartridge(seated: Bool) {
    move(.cartridgeAbsent, toLevel: !seated, at: now, bounces: true)
    finishAction()
  }

  /// Starts a fault `delay` from now.
  public mutating func inject(_ fault: HandpieceFault, after delay: Nanoseconds = .zero) {
    faults.plan(fault, at: now + delay)
    finishAction()
  }

  /// Repairs every fault that is in force; planned ones still come.
  public mutating func repair() {
    wiring = Wiring()
    disturbances.noisy = 0
    disturbances.bouncing = 0
    disturbances.nextSpike = .distantFuture
    oneShot.condition = .sound
    watchdog.isDead = false
    springBroken = false
    coilPercent = 100
    if needle.isJammed { needle.free(at: now) }
    if cam.isJammed { cam.free(at: now) }
    if cam.speedShare != 1 { cam.setSpeedShare(1, at: now) }
    sense(.driveFaultAbsent, high: true)
    followOutputs()
    pullNeedle()
    readInputs()
    finishAction()
  }

  /// What is due at this very instant happens before the action returns.
  private mutating func finishAction() {
    settle()
    advance(to: now)
  }

  /// Brings a contact to a level, from `start` on, with seeded bounces.
  private mutating func move(_ signal: InputSignal, toLevel level: Bool, at start: Instant, bounces: Bool) {
    contacts.cancelLevels(of: signal)
    contacts.insert(ContactSchedule.Change(at: start, signal: signal, level: level))
    guard bounces, parameters.mostBounces > 0 else { return }
    let wanted = Int(generator.below(Int64(parameters.mostBounces) + 1))
    var at = start
    for _ in 0..<wanted where contacts.room >= 2 {
      let share = parameters.longestBounce / Int64(2 * wanted)
      let gap = Nanoseconds(generator.below(share.count) + 1)
      let back = Nanoseconds(generator.below(share.count) + 1)
      contacts.insert(ContactSchedule.Change(at: at + gap, signal: signal, level: !level))
      contacts.insert(ContactSchedule.Change(at: at + gap + back, signal: signal, level: level))
      at = at + gap + back
    }
  }
}
