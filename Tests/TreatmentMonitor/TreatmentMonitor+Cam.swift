import Units
import VirtualHandpiece

extension TreatmentMonitor {
  /// Judges a revolution that the plant made.
  mutating func judgeRevolution(_ stroke: StrokeTruth) {
    let faulted = lastFaultAt >= stroke.leftHome || !latched.isEmpty
    if let before = previousReturn,
      stroke.reachedHome - before < limits.shortestPeriod - limits.timeTolerance,
      !faulted
    {
      breach(
        .revolutionRate,
        "\((stroke.reachedHome - before).inMicroseconds) µs after the revolution before, and no fault")
    }
    if let before = previousReturn, stroke.leftHome - before > limits.standsAfter { slowRow = 0 }
    previousReturn = stroke.reachedHome
    if stroke.depth > work.depth + limits.depthTolerance, !faulted {
      breach(
        MonitorJudgement.depth,
        "\(stroke.depth.count) µm, commanded \(work.depth.count) µm at most, and no fault")
    }
    judgeSlowness(stroke, faulted: faulted)
  }

  /// Only so many revolutions in a row, and for so long, may keep the needle past the nose for longer than its ceiling.
  private mutating func judgeSlowness(_ stroke: StrokeTruth, faulted: Bool) {
    // What happened while nobody could know it is no part of a row that is judged later.
    guard stroke.timePastNose > work.dwellCeiling + limits.timeTolerance * 2, state != .calibrating,
      MonitorJudgement.slowRevolutions.isKnowable(with: defects)
    else {
      slowRow = 0
      return
    }
    if slowRow == 0 { slowSince = stroke.leftHome }
    slowRow += 1
    let since = slowSince ?? stroke.leftHome
    guard !faulted else { return }
    if slowRow > limits.slowRevolutions {
      breach(.slowRevolutions, "\(slowRow) revolutions in a row past the nose for too long, and no fault")
    }
    if stroke.reachedHome - since > limits.slowTime {
      breach(
        .slowRevolutions,
        "\((stroke.reachedHome - since).inMilliseconds) ms of revolutions past the nose for too long, and no fault"
      )
    }
  }
}
