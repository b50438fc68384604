import NeedleSafety
import StrokeControl
import Units

/// A planted bug: the controller is told, or what it decides is changed, as it would be by a controller with that bug. Each has to
/// be found, with a shortest trace.
public enum ModelPlant: CaseIterable, Sendable {
  case none
  /// While FIRE is high and the needle at the bottom the pedal is not looked at.
  case releaseIgnoredWhileDwelling
  /// The watchdog is toggled in the first step after a stall, before anything else is known.
  case watchdogRenewedAfterStall
  /// The guard is not looked at in standby, so that arming is accepted with it open.
  case armedWithGuardOpen
  /// The durable intent is not looked at.
  case intentIgnored
  /// A stop is not heard while the needle is out.
  case stopLostWhileOut
  /// The rate of strokes is not judged: edges come with the times at which they should have come.
  case rateUnjudged
  /// On a rotary machine the spin-down is forgotten when the pedal is released while the needle is out.
  case camTurnsOn
}

extension ModelWorld {
  /// What the controller is told in place of what is so.
  func deceived(_ truth: StepInputs) -> StepInputs {
    var inputs = truth
    switch plant {
    case .none, .watchdogRenewedAfterStall, .intentIgnored: break
    case .releaseIgnoredWhileDwelling:
      guard outputs.isHigh(.fire), levels.isHigh(.needleBottom) else { break }
      pretendPressed(&inputs)
    case .camTurnsOn:
      guard memory.isDriven, !levels.isHigh(.needleHome) else { break }
      pretendPressed(&inputs)
    case .armedWithGuardOpen:
      guard stateBefore == .standby else { break }
      inputs.levels.set(.guardClosed, high: true)
      inputs.edges = Self.without([.guardClosed], inputs.edges)
    case .stopLostWhileOut:
      if !levels.isHigh(.needleHome) { inputs.stopRequested = false }
    case .rateUnjudged:
      var edges = Edges()
      for index in 0..<inputs.edges.count {
        var edge = inputs.edges[index]
        if edge.signal == .needleHome, !edge.rising, let previous = memory.previousLeft {
          edge.at = edge.at.later(of: previous + ModelScript.fastest)
        }
        edges.append(edge)
      }
      inputs.edges = edges
    }
    return inputs
  }

  /// What is done in place of what was decided.
  mutating func spoil() {
    if plant == .watchdogRenewedAfterStall, overslept { outputs.set(.watchdog, high: !watchdogBefore) }
  }

  private func pretendPressed(_ inputs: inout StepInputs) {
    inputs.levels.set(.pedalNormallyOpen, high: true)
    inputs.levels.set(.pedalNormallyClosed, high: false)
    inputs.edges = Self.without([.pedalNormallyOpen, .pedalNormallyClosed], inputs.edges)
  }

  private static func without(_ signals: [InputSignal], _ edges: Edges) -> Edges {
    var kept = Edges()
    for index in 0..<edges.count where !signals.contains(edges[index].signal) { kept.append(edges[index]) }
    return kept
  }
}
