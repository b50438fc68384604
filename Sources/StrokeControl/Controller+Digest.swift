public import NeedleSafety
import Units

extension Controller {
  /// One number for everything that decides what this controller does next, with instants counted from the latest step: of
  /// two controllers with the same digest the second has nothing new to show. For model checking; the loop never calls it.
  ///
  /// Left out, because they only count: sequence numbers (what is left of the durable intent stays in), the history of duty and
  /// of wakes, evidence of faults, and the drive's statistics.
  public func digest() -> UInt64 {
    var mixer = Mixer(origin: previousStep ?? .boot)
    mixer.add(UInt64(levels.bits) | UInt64(faults.codes) << 32)
    mixer.add(UInt64(outputs.bits) | UInt64(vouched.rawValue) << 32)
    mixer.add(flags)
    mixer.add(pedal.stamp(from: mixer.origin))
    mixer.add(emergencyStop.stamp(from: mixer.origin))
    mixer.add(cartridge.stamp(from: mixer.origin))
    mixer.add(torqueFeedback.stamp(from: mixer.origin))
    mixer.add(instant: nextTick)
    mixer.add(instant: lastHomeAt)
    mixer.add(instant: lastStrokeAt)
    mixer.add(instant: lastDotAt)
    mixer.add(instant: depthMoveSince)
    mixer.add(instant: currentOverSince)
    mixer.add(instant: previousLeftHome)
    add(lifecycle, to: &mixer)
    addStroke(to: &mixer)
    if parameters.drivetrain.isRotary { addCam(to: &mixer) }
    mixer.add(durableThrough &- nextStroke)
    mixer.add(UInt64(bitPattern: zone?.dotsRemaining ?? -1))
    mixer.add(UInt64(settings?.version ?? 0) | UInt64(pendingSettings?.version ?? 0) << 32)
    mixer.add(UInt64(UInt8(zone?.zone.rawValue ?? 99)) | UInt64(pendingZone?.zone.rawValue ?? 99) << 32)
    return mixer.value
  }

  private var flags: UInt64 {
    var bits: UInt64 = 0
    for flag in [
      selfTestPassed, selfTestDue, watchdogHigh, powerUpJudged, outputIsFailing, inputIsFailing,
      pendingOrder != nil,
      torqueProvedAt != nil, pedal.presses == consumedPress, dot != nil,
    ] { bits = bits << 1 | (flag ? 1 : 0) }
    return bits << 32 | UInt64(UInt32(bitPattern: dot?.strokes ?? -1))
  }

  private func add(_ lifecycle: Lifecycle, to mixer: inout Mixer) {
    mixer.add(UInt64(lifecycle.state.rawValue))
    switch lifecycle {
    case .booting, .standby, .armed, .fault: break
    case .selfTest(let proof):
      mixer.add(UInt64(proof.stage.rawValue))
      mixer.add(instant: proof.deadline)
    case .calibrating(let stage): add(stage, to: &mixer)
    case .arming(.raisingTorque(let since)): mixer.add(instant: since)
    case .arming(.referencing(let since)):
      mixer.add(1)
      mixer.add(instant: since)
    case .arming(.positioning(let since)):
      mixer.add(2)
      mixer.add(instant: since)
    case .running(let run):
      mixer.add(instant: run.startedAt)
      mixer.add(instant: run.nextStrokeAt)
      mixer.add(UInt64(run.ending?.rawValue ?? 99) | (run.hasFired ? 256 : 0) | (run.pedalCameUp ? 512 : 0))
    case .stopping(let since, let toFault):
      mixer.add(instant: since)
      mixer.add(toFault ? 1 : 0)
    }
  }

  private func add(_ stage: Lifecycle.Calibrating, to mixer: inout Mixer) {
    switch stage {
    case .raisingTorque(let since, let stays):
      mixer.add(stays ? 1 : 2)
      mixer.add(instant: since)
    case .turning(let since, let stays):
      mixer.add(stays ? 3 : 4)
      mixer.add(instant: since)
    case .referencing(let since):
      mixer.add(5)
      mixer.add(instant: since)
    case .ready(let since):
      mixer.add(6)
      mixer.add(instant: since)
    case .moving(let since):
      mixer.add(7)
      mixer.add(instant: since)
    case .stroking: mixer.add(8)
    }
    mixer.add(UInt64(UInt32(bitPattern: jogDepth.count)))
  }

  private func addStroke(to mixer: inout Mixer) {
    guard let stroke = engine.current else { return }
    mixer.add(engine.fire ? 1 : 2)
    mixer.add(instant: stroke.startedAt)
    mixer.add(instant: stroke.fireEndsAt)
    mixer.add(instant: stroke.leftHomeAt)
    mixer.add(instant: stroke.bottomAt)
    mixer.add((stroke.wasCut ? 1 : 0) | (stroke.dwellReported ? 2 : 0))
  }

  private func addCam(to mixer: inout Mixer) {
    switch cam.phase {
    case .parked: mixer.add(1)
    case .spinningUp(let since):
      mixer.add(2)
      mixer.add(instant: since)
    case .steady: mixer.add(3)
    case .slowing(let since, let rampEndsAt):
      mixer.add(4)
      mixer.add(instant: since)
      mixer.add(instant: rampEndsAt)
    case .settling(let since, let slowingSince):
      mixer.add(5)
      mixer.add(instant: since)
      mixer.add(instant: slowingSince)
    case .coasting(let since):
      mixer.add(6)
      mixer.add(instant: since)
    }
    mixer.add(UInt64(UInt32(bitPattern: cam.revolutions)) | (cam.stroke?.dwellReported == true ? 1 << 32 : 0))
    mixer.add(instant: cam.stroke?.startedAt)
    mixer.add(instant: cam.returnedAt)
  }

  /// A 64-bit mixing function over words (the finisher of SplitMix64), so that no state of millions is taken for another.
  private struct Mixer {
    let origin: Instant
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(origin: Instant) { self.origin = origin }

    mutating func add(_ word: UInt64) {
      var mixed = (value ^ word) &+ 0x9E37_79B9_7F4A_7C15
      mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
      value = mixed ^ (mixed &>> 31)
    }

    /// What is more than a second past or ahead decides nothing more: no filter or limit of the bounded model is longer.
    mutating func add(instant: Instant?) {
      guard let instant, instant != .distantFuture else { return add(0xFFFF_FFFF) }
      let distance = origin - instant
      add(UInt64(bitPattern: distance > .seconds(1) ? Nanoseconds.seconds(1).count : distance.count))
    }
  }
}

// What a judge asks after every one of millions of steps, for which a whole status would cost more than the step.
extension Controller {
  public var publicState: LifecycleState { lifecycle.state }
  public var hasNoFault: Bool { faults.isEmpty }
  /// The mode of the settings in force, `nil` without settings.
  public var modeInForce: StrokeMode? { settings?.settings.mode }
}
