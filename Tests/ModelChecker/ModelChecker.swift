import NeedleSafety
import StrokeControl
import Units

/// Breadth-first over everything that may happen to the shipped controller, from each of its typical situations, with hashed
/// states: a state that was met before is not gone into again. The first trace to a broken invariant is a shortest one.
public struct ModelChecker {
  public struct Finding: Sendable {
    public var invariant: String
    public var root: String
    public var trace: [String]

    public var text: String {
      let lines = trace.enumerated().map { "  \($0.offset + 1). \($0.element)" }
      return "\(invariant)\n  from: \(root)\n" + lines.joined(separator: "\n")
    }
  }

  public struct Result: Sendable {
    public var states: Int
    public var transitions: Int
    public var depth: Int
    public var finding: Finding?
  }

  private struct Visit {
    var parent: Int32
    var input: UInt8
  }

  /// A planted bug: changes what the controller is told, as a controller with that bug would act.
  public enum Plant: Sendable {
    case none
    /// While FIRE is high the pedal is not listened to.
    case releaseIgnoredWhileDwelling
  }

  public let mostStates: Int
  public let plant: Plant

  public init(mostStates: Int, plant: Plant = .none) {
    self.mostStates = mostStates
    self.plant = plant
  }

  /// The situations from which it sets out: name, lifecycle state, and whether FIRE is high.
  public static var situations: [(name: String, state: String, fire: Bool)] {
    ModelRoot.allCases.map { root in
      let world = root.world()
      return (root.rawValue, world.controller.publicState.name, world.outputs.isHigh(.fire))
    }
  }

  public func run() -> Result {
    var seen = Set<UInt64>(minimumCapacity: mostStates)
    var visits: [Visit] = []
    visits.reserveCapacity(mostStates)
    let roots = ModelRoot.allCases.map { root in
      var world = root.world()
      world.plant = plant
      return world
    }
    // The frontier holds numbers, not worlds: a world is made again from its root when its turn comes, a few steps each. So
    // memory grows by some tens of bytes per state, not by kilobytes.
    var level: [Int32] = []
    for (index, world) in roots.enumerated() where seen.insert(world.digest).inserted {
      level.append(Int32(-1 - index))
    }
    var result = Result(states: 0, transitions: 0, depth: 0, finding: nil)
    while !level.isEmpty, seen.count < mostStates {
      result.depth += 1
      var next: [Int32] = []
      for visit in level {
        let world = world(of: visit, visits, roots)
        for (index, input) in ModelInput.all.enumerated() {
          var successor = world
          let invariant = successor.take(input)
          result.transitions += 1
          if let invariant {
            result.finding = finding(invariant, visit, input, visits)
            result.states = seen.count
            return result
          }
          guard seen.insert(successor.digest).inserted else { continue }
          visits.append(Visit(parent: visit, input: UInt8(index)))
          next.append(Int32(visits.count - 1))
        }
        if seen.count >= mostStates { break }
      }
      level = next
    }
    result.states = seen.count
    return result
  }

  private func world(of visit: Int32, _ visits: [Visit], _ roots: [ModelWorld]) -> ModelWorld {
    var inputs: [ModelInput] = []
    var at = visit
    while at >= 0 {
      inputs.append(ModelInput.all[Int(visits[Int(at)].input)])
      at = visits[Int(at)].parent
    }
    var world = roots[Int(-1 - at)]
    for input in inputs.reversed() { _ = world.take(input) }
    return world
  }

  private func finding(
    _ invariant: String, _ visit: Int32, _ last: ModelInput, _ visits: [Visit]
  ) -> Finding {
    var trace = ["\(last)"]
    var at = visit
    while at >= 0 {
      trace.append("\(ModelInput.all[Int(visits[Int(at)].input)])")
      at = visits[Int(at)].parent
    }
    return Finding(
      invariant: invariant, root: ModelRoot.allCases[Int(-1 - at)].rawValue, trace: trace.reversed())
  }
}
