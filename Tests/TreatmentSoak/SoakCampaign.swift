public import TreatmentMonitor

/// Many treatments, one seed each; the first that breaks a rule is shrunk to the fewest steps that still break it.
public enum SoakCampaign {
  public struct Failure: Sendable {
    public var seed: UInt64
    public var breach: MonitorBreach
    /// The shortest plan found that breaks the same rule.
    public var plan: SoakPlan
  }

  /// Runs one plan; its tally, and the first broken rule.
  public static func run(_ plan: SoakPlan) -> (tally: SoakTally, breach: MonitorBreach?) {
    var run = SoakRun(plan)
    run.run()
    return (run.tally, run.monitor.breaches.first)
  }

  /// Leaves out ever smaller parts of the plan while the same rule breaks (delta debugging; Zeller and Hildebrandt, 2002).
  public static func shrink(_ plan: SoakPlan, breaking rule: MonitorRule) -> SoakPlan {
    var best = plan
    var part = max(1, best.steps.count / 2)
    while true {
      var shrunk = false
      var from = 0
      while from < best.steps.count {
        var candidate = best
        candidate.steps.removeSubrange(from..<min(from + part, candidate.steps.count))
        if run(candidate).breach?.rule == rule {
          best = candidate
          shrunk = true
        } else {
          from += part
        }
      }
      if part == 1 {
        if !shrunk { return best }
      } else {
        part = max(1, part / 2)
      }
    }
  }
}
