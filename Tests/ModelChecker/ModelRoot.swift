import NeedleSafety
import StrokeControl
import Units

/// The situations from which the search sets out, each reached by a script that is itself checked.
enum ModelRoot: String, CaseIterable {
  case powerUp = "power-up"
  case standby = "standby, everything ready"
  case raisingTorque = "arming, torque rising"
  case armed = "armed, continuous"
  case pressed = "armed, the pedal just down, a stroke about to start"
  case extending = "a continuous stroke, FIRE high, needle home still"
  case dwelling = "a continuous stroke, FIRE high, needle at the bottom"
  case retracting = "a continuous stroke, FIRE low, needle out"
  case betweenStrokes = "between two continuous strokes, the second about to start"
  case dotDwelling = "the first stroke of a dot, needle at the bottom"
  case dotBetween = "a dot's second stroke about to start"
  case dotWhole = "a dot whole, the pedal still down"
  case stopping = "stopping after the guard opened, needle out"
  case lateThenNext = "the second stroke, FIRE high, after one that left home late"
  case lastIntended = "a stroke about to start, the durable intent used up"
  case selfTesting = "the self-test, one channel on"

  case camArmed = "rotary: armed"
  case camPressed = "rotary: the pedal just down, the cam about to turn"
  case camStarting = "rotary: spinning up, needle home still"
  case camSpinningUp = "rotary: spinning up, needle out"
  case camOut = "rotary: at its rate, needle out"
  case camHome = "rotary: at its rate, needle passing home"
  case camSlowing = "rotary: spinning down, needle out"
  case camBraked = "rotary: braked at home"
  case camCoasting = "rotary: coasting after an emergency stop, needle out"
  case camLeftOut = "rotary: left out by a coast, all else in order"
  case camWithoutCartridge = "rotary: left out by a coast, and the cartridge taken out"
  case camHoming = "rotary: being brought home"

  var isRotary: Bool { rawValue.hasPrefix("rotary") }

  func world(_ plant: ModelPlant = .none) -> ModelWorld {
    var world = ModelWorld(isRotary ? ModelScript.rotaryMachine : ModelScript.machine)
    // A script is a history without the bug; only what the intent allows has to be known from the beginning.
    if plant == .intentIgnored { world.plant = plant }
    if isRotary { reachCam(&world) } else { reach(&world) }
    world.plant = plant
    return world
  }

  private func reach(_ world: inout ModelWorld) {
    if self == .powerUp { return }
    if self == .selfTesting {
      for _ in 0..<400 where !world.outputs.isHigh(.torqueEnableA) { world.take(.deadline) }
      return
    }
    let isDot = self == .dotDwelling || self == .dotBetween || self == .dotWhole
    world.ready(isDot ? .dotSettings : .continuousSettings)
    if self == .standby { return }
    world.grant(through: self == .lastIntended ? 1 : 1_000)
    world.take(.order(.arm))
    if self == .raisingTorque { return }
    world.rise()
    if self == .armed { return }
    world.take(.pedal(down: true))
    if self == .pressed { return world.approach { $0.outputs.isHigh(.fire) } }
    for _ in 0..<60 where !world.outputs.isHigh(.fire) { world.take(.deadline) }
    if self == .extending { return }
    if self == .lateThenNext {
      world.pass(.milliseconds(4))
      for signal in [InputSignal.needleHome, .needleBottom, .needleBottom, .needleHome] {
        world.take(.toggle(signal))
      }
      for _ in 0..<20 where !world.outputs.isHigh(.fire) { world.take(.deadline) }
      return
    }
    world.take(.toggle(.needleHome))
    world.take(.toggle(.needleBottom))
    if self == .dwelling || self == .dotDwelling { return }
    world.retract()
    if self == .retracting { return }
    if self == .stopping {
      world.take(.toggle(.guardClosed))
      return
    }
    world.take(.toggle(.needleHome))
    guard self == .dotWhole else {
      // As far as the next stroke's step, whether or not there is going to be one.
      while let last = world.lastFireRose, world.deadline < last + ModelScript.shortestPeriod {
        world.take(.deadline)
      }
      return
    }
    world.approach { $0.outputs.isHigh(.fire) }
    world.take(.deadline)
    world.take(.toggle(.needleHome))
    world.take(.toggle(.needleBottom))
    world.retract()
    world.take(.toggle(.needleHome))
  }

  private func reachCam(_ world: inout ModelWorld) {
    world.ready(.continuousSettings)
    world.grant(through: 1_000)
    world.take(.order(.arm))
    world.rise()
    if self == .camArmed { return }
    world.take(.pedal(down: true))
    if self == .camPressed { return world.approach { $0.memory.isDriven } }
    for _ in 0..<60 where !world.memory.isDriven { world.take(.deadline) }
    world.pass(.milliseconds(3))
    if self == .camStarting { return }
    world.take(.toggle(.needleHome))
    if self == .camSpinningUp { return }
    for _ in 1...3 {
      world.pass(.milliseconds(7))
      world.take(.toggle(.needleHome))
      if self == .camHome, world.memory.spinUpSince == nil { return }
      world.pass(.milliseconds(2))
      world.take(.toggle(.needleHome))
    }
    if self == .camOut { return }
    if self == .camCoasting || self == .camLeftOut || self == .camWithoutCartridge
      || self == .camHoming
    {
      world.take(.toggle(.emergencyStopA))
      world.take(.toggle(.torqueFeedback))
      if self == .camCoasting { return }
      if self == .camWithoutCartridge { world.take(.toggle(.cartridgeAbsent)) }
      world.take(.toggle(.emergencyStopA))
      world.pass(.milliseconds(600))
      world.take(.pedal(down: false))
      if self != .camHoming { return }
      world.take(.order(.home))
      world.take(.toggle(.torqueFeedback))
      world.pass(.milliseconds(2))
      return
    }
    world.take(.pedal(down: false))
    if self == .camSlowing { return }
    for _ in 0..<4 where !world.memory.isBraked {
      world.pass(.milliseconds(12))
      world.take(.toggle(.needleHome))
      if world.memory.isBraked { return }
      world.pass(.milliseconds(4))
      world.take(.toggle(.needleHome))
    }
  }
}

extension ModelWorld {
  /// Boots, passes the self-test, and has all that arming needs but an intent.
  mutating func ready(_ settings: ModelOrder) {
    take(.deadline)
    // The external watchdog takes torque away 80 ms after its line last changed, as the self-test wants to see.
    var watchdog = outputs.isHigh(.watchdog)
    var fedAt = now
    for _ in 0..<800 {
      if outputs.isHigh(.watchdog) != watchdog {
        watchdog.toggle()
        fedAt = now
      }
      let both =
        outputs.isHigh(.torqueEnableA) && outputs.isHigh(.torqueEnableB) && now - fedAt < .milliseconds(80)
      take(both == levels.isHigh(.torqueFeedback) ? .deadline : .toggle(.torqueFeedback))
      if controller.publicState == .standby, now > Instant(sinceBoot: .seconds(11)) { break }
    }
    for order in [ModelOrder.session, .zone, settings, .vouchAll] { take(.order(order)) }
    for _ in 0..<5 { take(.deadline) }
  }

  mutating func grant(through sequence: UInt64) {
    var inputs = StepInputs()
    inputs.levels = levels
    inputs.drive = drive
    inputs.command = Command(identifier: 2, action: .durable(through: sequence))
    if plant == .intentIgnored { inputs.command = Self.endlessIntent }
    memory.durable = sequence
    step(inputs)
  }

  /// Torque follows, and the depth axis arrives.
  mutating func rise() {
    take(.toggle(.torqueFeedback))
    for _ in 0..<20 { take(.deadline) }
  }

  /// Goes on to the last step before the one that brings something about, 60 steps away at the most.
  mutating func approach(_ isThere: (ModelWorld) -> Bool) {
    for _ in 0..<60 {
      var next = self
      next.take(.deadline)
      if isThere(next) { return }
      self = next
    }
  }

  /// FIRE goes low and the needle leaves the bottom.
  mutating func retract() {
    for _ in 0..<20 where outputs.isHigh(.fire) { take(.deadline) }
    take(.toggle(.needleBottom))
  }

  mutating func pass(_ length: Nanoseconds) {
    let end = now + length
    while now < end { take(.deadline) }
  }
}
