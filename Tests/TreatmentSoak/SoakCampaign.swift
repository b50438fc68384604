public import TreatmentMonitor
import Units

/// Many treatments, one seed each; the first that breaks a rule is shrunk to the fewest steps that still break it.
public enum SoakCampaign {
  public struct Failure: Sendable {
    public var seed: UInt64
    public var breach: MonitorBreach
    /// The shortest plan found that breaks the same rule.
    public var plan: SoakPlan
  }

  /// Runs one plan; its tally, and the first broken rule.
  public static func run(
    _ plan: SoakPlan, limits: MonitorLimits? = nil
  ) -> (tally: SoakTally, breach: MonitorBreach?) {
    var run = SoakRun(plan, limits: limits)
    run.run()
    return (run.tally, run.monitor.breaches.first)
  }

  /// Leaves out ever smaller parts of the plan while the same rule breaks (delta debugging; Zeller and Hildebrandt, 2002). What
  /// comes after the breach is cut off first.
  public static func shrink(
    _ plan: SoakPlan, breaking rule: MonitorRule, limits: MonitorLimits? = nil
  ) -> SoakPlan {
    var best = plan
    cut(&best, limits)
    var part = max(1, best.steps.count / 2)
    while true {
      var shrunk = false
      var from = 0
      while from < best.steps.count {
        var candidate = best
        candidate.steps.removeSubrange(from..<min(from + part, candidate.steps.count))
        if run(candidate, limits: limits).breach?.rule == rule {
          best = candidate
          cut(&best, limits)
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

  /// Ends the plan a little after its breach.
  private static func cut(_ plan: inout SoakPlan, _ limits: MonitorLimits?) {
    guard let breach = run(plan, limits: limits).breach else { return }
    let breached: Nanoseconds = breach.at - SoakRun.start
    plan.length = min(plan.length, breached + .milliseconds(10))
    let length = plan.length
    plan.steps.removeAll { $0.at > length }
  }
}
