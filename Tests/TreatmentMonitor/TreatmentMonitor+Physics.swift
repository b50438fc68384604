import NeedleSafety
import Units
public import VirtualHandpiece

extension TreatmentMonitor {
  /// Judges the plant as it stands at the end of a turn.
  public mutating func observe(_ sight: PlantSight) {
    observations += 1
    let gap = sight.now - (previous ?? sight.now)
    turnsAtThisInstant = gap > .zero ? 0 : turnsAtThisInstant + 1
    if turnsAtThisInstant == limits.mostTurnsAtOneInstant {
      breach(
        .progress, "\(turnsAtThisInstant) turns of the loop and time stands still: it would burn a processor")
    }
    now = sight.now
    previous = sight.now
    if stopIsPending { stopSince = stopSince ?? now }
    stopIsPending = false
    judgeTorque(sight)
    judgeFire(sight)
    judgeExcursion(sight, gap: gap)
    judgeReports(sight)
    judgePermission(sight)
  }

  /// Without the control plane's word nothing is armed: a run ends at its boundary, the machine disarms.
  private mutating func judgePermission(_ sight: PlantSight) {
    guard let since = permissionGoneSince, state == .armed || state == .running else { return }
    let gone = sight.now - since.later(of: stateSince)
    if gone > limits.permission, sight.isTorqueOn {
      breach(.permission, "\(state) for \(gone.inMilliseconds) ms without the control plane's word")
      permissionGoneSince = nil
    }
  }

  private mutating func judgeTorque(_ sight: PlantSight) {
    let stoppedPins = Self.isOpenStop(sight.inputs)
    let guardPins = !sight.inputs.isHigh(.guardClosed) || sight.inputs.isHigh(.cartridgeAbsent)
    guardOpenSince = guardPins ? guardOpenSince ?? sight.now : nil
    if !sight.isTorqueOn { stopSince = nil }
    guard sight.isTorqueOn else { return }
    if let refused = writesRefusedSince, sight.now - refused > limits.watchdogWindow {
      breach(
        .torqueAfterRefusedWrites,
        "torque on \((sight.now - refused).inMilliseconds) ms after writes failed")
    }
    switch state {
    case .booting, .standby, .fault:
      breach(.torqueInState, "torque on in \(state)")
    case .selfTest, .calibrating, .arming, .armed, .running, .stopping: break
    }
    if stoppedPins {
      breach(.torqueWithOpenStop, "torque on with an emergency stop or the drive's fault line open")
    }
    if let since = guardOpenSince, state != .selfTest, sight.now - since >= limits.retractMaximum {
      breach(
        .torqueWithOpenGuard,
        "torque on \((sight.now - since).inMilliseconds) ms after guard or cartridge")
    }
    if let since = stopSince, sight.now - since >= limits.retractMaximum {
      breach(.torqueAfterStop, "torque on \((sight.now - since).inMilliseconds) ms after a stop")
    }
  }

  private mutating func judgeFire(_ sight: PlantSight) {
    if sight.isOneShotHigh, state != .running { breach(.fireInState, "FIRE is high in \(state)") }
    if sight.isOneShotHigh, stopSince != nil { breach(.fireAfterStop, "FIRE is high after a stop") }
    switch state {
    case .fault: if latched.isEmpty { breach(.faultState, "fault without a latched fault") }
    case .arming, .armed, .running:
      if !latched.isEmpty { breach(.faultState, "\(state) with \(latched.sorted()) latched") }
    case .booting, .selfTest, .standby, .calibrating, .stopping: break
    }
  }

  private mutating func judgeExcursion(_ sight: PlantSight, gap: Nanoseconds) {
    if gap > longestGapInStroke { longestGapInStroke = gap }
    if let since = sight.needleOutSince, !outReported {
      let out = sight.now - since
      if out > limits.longestOut, MonitorJudgement.needleOut.isKnowable(with: defects) {
        outReported = true
        breach(.needleOut, "the needle is out for \(out.inMicroseconds) µs")
      }
    }
    guard sight.strokesFinished > strokesJudged else {
      if sight.needleOutSince == nil { longestGapInStroke = .zero }
      return
    }
    strokesJudged = sight.strokesFinished
    outReported = false
    if let stroke = sight.lastStroke {
      if limits.isRotary { judgeRevolution(stroke) } else { judge(stroke) }
    }
    longestGapInStroke = .zero
  }

  private mutating func judge(_ stroke: StrokeTruth) {
    if stroke.timeOut > limits.longestOut {
      breach(.strokeOut, "a stroke was out for \(stroke.timeOut.inMicroseconds) µs")
    }
    // A fault that was latched before and stands is as good: nothing may be armed or running with it.
    let faulted = lastFaultAt >= stroke.leftHome || !latched.isEmpty
    if stroke.timeOut > work.dwellCeiling + limits.timeTolerance * 2 {
      if longestGapInStroke <= limits.stall {
        breach(
          .dwellUnstalled, "out for \(stroke.timeOut.inMicroseconds) µs though the loop was not stalled")
      }
      if !faulted { breach(.dwellWithoutFault, "out for \(stroke.timeOut.inMicroseconds) µs and no fault") }
    }
    if let before = previousLeftHome, stroke.leftHome - before < limits.shortestPeriod - limits.timeTolerance,
      !faulted
    {
      breach(
        MonitorJudgement.strokeRate,
        "\((stroke.leftHome - before).inMicroseconds) µs after the stroke before, and no fault")
    }
    previousLeftHome = stroke.leftHome
    if stroke.depth > work.depth + limits.depthTolerance, !faulted {
      breach(
        MonitorJudgement.depth,
        "\(stroke.depth.count) µm, commanded \(work.depth.count) µm at most, and no fault")
    }
  }

  /// Every stroke that the plant made is in the loop's reports, at the latest when the stall limit is over: a loop whose home
  /// sensor is stuck learns no earlier that a stroke has ended.
  private mutating func judgeReports(_ sight: PlantSight) {
    let judgement = limits.isRotary ? MonitorJudgement.revolutionCount : .strokeCount
    // What nobody could count is no part of a count that is judged later, and no turn is counted while the needle is being brought
    // home.
    let counts = judgement.isKnowable(with: defects) && !(limits.isRotary && state == .calibrating)
    if !counts { reported = .max }
    // Counting begins anew with the needle home: one that is still out may have been reported as stalled among what was lost.
    if reported == .max, !isDeaf, sight.needleOutSince == nil { reported = sight.strokesFinished }
    guard sight.strokesFinished > reported, !isDeaf else {
      unreportedSince = nil
      return
    }
    let since = unreportedSince ?? sight.now
    unreportedSince = since
    guard sight.now - since > limits.reportedWithin else { return }
    let left = sight.lastStroke.map { $0.leftHome.sinceBoot.inMicroseconds } ?? 0
    breach(
      judgement,
      "the plant made \(sight.strokesFinished) strokes, the last left home at \(left) µs; \(reported) were reported"
    )
    reported = sight.strokesFinished
  }

  private static func isOpenStop(_ pins: InputLevels) -> Bool {
    !pins.isHigh(.emergencyStopA) || !pins.isHigh(.emergencyStopB) || !pins.isHigh(.driveFaultAbsent)
  }
}
