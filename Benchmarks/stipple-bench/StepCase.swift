import ControlLoop
import NeedleSafety
import StrokeControl
import Units

/// A controller in one state, stepped again and again with what it would see there. No machine takes part.
///
/// Edge steps cannot be had without the ticks between them. So two cases run the same strokes, one every 10 ms and one every
/// 100 ms: whoever compares them has the cost of a tick and the cost of an edge apart, without a clock inside a stroke.
struct StepCase {
  enum Kind: String, CaseIterable {
    case standby, armed
    case running100 = "running-100hz"
    case running10 = "running-10hz"
  }

  private let kind: Kind
  private let atRest: Controller
  private let quiet: StepInputs
  private let start: Instant
  private var actuation = Actuation()
  private(set) var steps = 0
  private(set) var strokes: UInt64 = 0

  /// From FIRE high, and from FIRE low: what the virtual handpiece does at its deepest setting, rounded.
  private static let leavesHome = Nanoseconds.microseconds(223)
  private static let reachesBottom = Nanoseconds.microseconds(906)
  private static let leavesBottom = Nanoseconds.microseconds(169)
  private static let reachesHome = Nanoseconds.microseconds(896)
  /// Well under the 120 s that one press may last.
  private static let longestRun = Nanoseconds.seconds(100)

  init(_ kind: Kind) throws {
    var stage = Stage()
    switch kind {
    case .standby: try stage.standBy()
    case .armed, .running100: try stage.arm(rate: 100)
    case .running10: try stage.arm(rate: 10)
    }
    self.kind = kind
    atRest = stage.loop.controller
    quiet = stage.quietInputs
    start = stage.now
  }

  /// Takes at least this many steps, in runs that each start from the same state.
  mutating func run(atLeast wanted: Int) throws {
    steps = 0
    strokes = 0
    while steps < wanted {
      switch kind {
      case .standby: tick(every: .milliseconds(10), times: min(wanted - steps, 10_000))
      case .armed: tick(every: .milliseconds(1), times: min(wanted - steps, 10_000))
      case .running100, .running10: try stroke(upTo: wanted)
      }
    }
  }

  private mutating func tick(every period: Nanoseconds, times: Int) {
    var controller = atRest
    var now = start
    for _ in 0..<times {
      now += period
      controller.step(now: now, inputs: quiet, actuation: &actuation)
    }
    steps += times
  }

  /// One press of the pedal with its strokes; the needle's sensors answer as the virtual handpiece's do.
  private mutating func stroke(upTo wanted: Int) throws {
    var controller = atRest
    var inputs = quiet
    var now = start + .microseconds(100)
    inputs.levels.set(.pedalNormallyOpen, high: true)
    inputs.levels.set(.pedalNormallyClosed, high: false)
    inputs.edges.append(Edge(signal: .pedalNormallyOpen, rising: true, at: now))
    inputs.edges.append(Edge(signal: .pedalNormallyClosed, rising: false, at: now))
    var sensors = Sensors()
    var wasFiring = false
    while steps < wanted, now - start < Self.longestRun {
      controller.step(now: now, inputs: inputs, actuation: &actuation)
      steps += 1
      inputs.edges.removeAll()
      let fires = actuation.outputs.isHigh(.fire)
      if fires != wasFiring {
        wasFiring = fires
        if fires { strokes += 1 }
        sensors.follow(fire: fires, at: now)
      }
      guard let edge = sensors.next, edge.at <= actuation.deadline else {
        now = actuation.deadline
        continue
      }
      sensors.pass()
      now = edge.at
      inputs.levels.set(edge.signal, high: edge.rising)
      inputs.edges.append(edge)
    }
    let state = controller.status.state
    guard state == .running, strokes > 0 else {
      throw Stage.Failure(description: "the run ended in \(state.name) after \(strokes) strokes")
    }
  }

  /// The four edges of a stroke, two at a time.
  private struct Sensors {
    private(set) var next: Edge?
    private var afterwards: Edge?

    mutating func follow(fire: Bool, at now: Instant) {
      if fire {
        next = Edge(signal: .needleHome, rising: false, at: now + leavesHome)
        afterwards = Edge(signal: .needleBottom, rising: true, at: now + reachesBottom)
      } else {
        next = Edge(signal: .needleBottom, rising: false, at: now + leavesBottom)
        afterwards = Edge(signal: .needleHome, rising: true, at: now + reachesHome)
      }
    }

    mutating func pass() {
      next = afterwards
      afterwards = nil
    }
  }
}
