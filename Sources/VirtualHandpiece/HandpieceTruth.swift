import NeedleSafety
import Units

// The book-keeping of what really happened, for judges.
extension Handpiece {
  mutating func note(_ event: NeedleMotion.Event) {
    switch event {
    case .leftHome:
      var stroke = StrokeTruth.none
      stroke.leftHome = now
      truth.stroke = stroke
      sense(.needleHome, high: false)
    case .passedNose:
      if truth.stroke?.passedNose == .distantFuture {
        truth.stroke?.passedNose = now
        truth.strokesMade += 1
      }
      truth.stroke?.returnedToNose = .distantFuture
      noteDepth()
    case .reachedBottom:
      if truth.stroke?.reachedBottom == .distantFuture { truth.stroke?.reachedBottom = now }
      sense(.needleBottom, high: true)
    case .leftBottom: sense(.needleBottom, high: false)
    case .returnedToNose: truth.stroke?.returnedToNose = now
    case .reachedHome:
      noteStroke()
      sense(.needleHome, high: true)
    case .stopped: break
    }
  }

  mutating func noteDepth() {
    guard var stroke = truth.stroke else { return }
    let reach = depthStop
    if reach > stroke.depth { stroke.depth = reach }
    truth.stroke = stroke
  }

  private mutating func noteStroke() {
    guard var stroke = truth.stroke else { return }
    truth.stroke = nil
    stroke.reachedHome = now
    truth.strokes.append(stroke)
    truth.lastStroke = stroke
    if stroke.passedNose == .distantFuture { truth.strokesShort += 1 }
    if stroke.timeOut > truth.worstTimeOut { truth.worstTimeOut = stroke.timeOut }
    if stroke.timePastNose > truth.worstTimePastNose { truth.worstTimePastNose = stroke.timePastNose }
    if stroke.depth > truth.deepest { truth.deepest = stroke.depth }
  }

  mutating func endPulse(cut: Bool) {
    truth.pulses.append(PulseTruth(rose: oneShot.firedAt, fell: now, wasCutByOneShot: cut))
    if cut { truth.pulsesCutByOneShot += 1 }
  }

  mutating func noteTorque() {
    if torque {
      truth.torqueOnSince = now
    } else if let on = truth.torqueOnSince {
      truth.torque.append(TorqueTruth(on: on, off: now))
      truth.torqueOnSince = nil
    }
  }
}
