import NeedleSafety
import Units

extension Controller {
  /// The levels of all outputs for the present state. The watchdog toggles once a period, and not in a step that follows a
  /// stall: nothing is renewed before the safe output is written.
  @_noLocks mutating func decideOutputs(at now: Instant, mayToggleWatchdog: Bool) -> OutputLevels {
    if now >= nextTick {
      if mayToggleWatchdog, !starvesWatchdog { watchdogHigh.toggle() }
      nextTick += period
      if nextTick <= now { nextTick = now + period }
    } else if nextTick > now + period {
      nextTick = now + period
    }
    var outputs = OutputLevels.safe
    let torque = torqueChannels
    outputs.set(.torqueEnableA, high: torque.a)
    outputs.set(.torqueEnableB, high: torque.b)
    outputs.set(.fire, high: engine.fire && torque.a && torque.b)
    outputs.set(.watchdog, high: watchdogHigh)
    signal(&outputs, at: now)
    torqueFeedback.expect(torque.a && torque.b, at: now)
    self.outputs = outputs
    return outputs
  }

  /// The self-test leaves the external watchdog unfed to see it act.
  private var starvesWatchdog: Bool {
    @_noLocks get { if case .selfTest(let proof) = lifecycle { proof.starvesWatchdog } else { false } }
  }

  private var torqueChannels: (a: Bool, b: Bool) {
    @_noLocks get {
      switch lifecycle {
      case .selfTest(let proof): proof.stage.channels
      case .calibrating, .arming, .armed, .running, .stopping: (true, true)
      case .booting, .standby, .fault: (false, false)
      }
    }
  }

  /// Light and sound of the most urgent fault, IEC 60601-1-8 style: high flashes red at 2 Hz with sound, medium yellow at
  /// 0.5 Hz, low is a steady cyan.
  @_noLocks private mutating func signal(_ outputs: inout OutputLevels, at now: Instant) {
    guard let priority = faults.highestPriority else { return }
    switch priority {
    case .high:
      let isOn = Self.blinks(now, halfPeriod: .milliseconds(250))
      outputs.set(.ledRed, high: isOn)
      outputs.set(.beeper, high: isOn)
    case .medium: outputs.set(.ledYellow, high: Self.blinks(now, halfPeriod: .seconds(1)))
    case .low: outputs.set(.ledCyan, high: true)
    }
  }

  @_noLocks private static func blinks(_ now: Instant, halfPeriod: Nanoseconds) -> Bool {
    now.sinceBoot.count / halfPeriod.count % 2 == 0
  }

  /// When the controller has to step again at the latest.
  @_noLocks mutating func deadline(after now: Instant) -> Instant {
    var deadline = nextTick.earlier(of: pedal.deadline).earlier(of: cartridge.deadline)
    deadline = deadline.earlier(of: emergencyStop.deadline).earlier(of: torqueFeedback.deadline)
    if !engine.isHome {
      deadline = deadline.earlier(of: engine.deadline(stallLimit: stallLimit)).earlier(of: dwellDeadline)
    }
    deadline = deadline.earlier(of: camDeadline)
    switch lifecycle {
    case .selfTest(let proof): deadline = deadline.earlier(of: proof.deadline)
    case .running(let run) where needleRests: deadline = deadline.earlier(of: run.nextStrokeAt)
    case .stopping(let since, _): deadline = deadline.earlier(of: since + parameters.retractMaximum)
    default: break
    }
    // A deadline that has passed is one whose verdict is in already; the next tick looks again.
    return deadline > now ? deadline : nextTick
  }
}
