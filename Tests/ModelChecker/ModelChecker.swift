import NeedleSafety
import StrokeControl
import Units

/// Breadth-first over everything that may happen to the shipped controller, from each of its typical situations, with hashed
/// states: a state that was met before is not gone into again. The first trace to a broken invariant is a shortest one.
public struct ModelChecker {
  public struct Finding: Sendable {
    public var invariant: ModelInvariant
    /// What was seen, with its figures.
    public var detail: String
    public var root: String
    public var trace: [String]

    public var text: String {
      let lines = trace.enumerated().map { "  \($0.offset + 1). \($0.element)" }
      return "\(invariant.name): \(detail)\n  from: \(root)\n" + lines.joined(separator: "\n")
    }
  }

  public struct Result: Sendable {
    public var states: Int
    public var transitions: Int
    public var depth: Int
    /// Per invariant, the transitions in which there was something for it to judge.
    public var judged: [Int]
    public var finding: Finding?
  }

  private struct Visit {
    var parent: Int32
    var input: UInt8
    /// Steps since the world was last lively.
    var quiet: UInt8
  }

  /// From a state that is stopping, or has no torque, only so many steps are gone on, if none of them leads to a lively one:
  /// there are very many of them (every line on its own, several faults at once) and nothing begins in them.
  public static let quietSteps = 2

  public let mostStates: Int
  public let plant: ModelPlant

  public init(mostStates: Int, plant: ModelPlant = .none) {
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
    let roots = ModelRoot.allCases.map { $0.world(plant) }
    // The frontier holds numbers, not worlds: a world is made again from its root when its turn comes, a few steps each. So
    // memory grows by some tens of bytes per state, not by kilobytes.
    var level: [Int32] = []
    for (index, world) in roots.enumerated() where seen.insert(world.digest).inserted {
      level.append(Int32(-1 - index))
    }
    var result = Result(
      states: 0, transitions: 0, depth: 0, judged: [Int](repeating: 0, count: ModelInvariant.allCases.count),
      finding: nil)
    while !level.isEmpty, seen.count < mostStates {
      result.depth += 1
      var next: [Int32] = []
      for visit in level {
        let world = world(of: visit, visits, roots)
        for (index, input) in ModelInput.all.enumerated() {
          var successor = world
          let verdicts = successor.take(input)
          result.transitions += 1
          Self.count(verdicts.judged, in: &result.judged)
          if let broken = verdicts.broken {
            result.finding = finding(broken, visit, input, visits)
            result.states = seen.count
            return result
          }
          guard seen.insert(successor.digest).inserted else { continue }
          let quiet = successor.isLively ? 0 : (visit < 0 ? 0 : visits[Int(visit)].quiet) + 1
          visits.append(Visit(parent: visit, input: UInt8(index), quiet: quiet))
          if quiet < Self.quietSteps { next.append(Int32(visits.count - 1)) }
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

  private static func count(_ judged: UInt32, in counts: inout [Int]) {
    var rest = judged
    while rest != 0 {
      counts[rest.trailingZeroBitCount] += 1
      rest &= rest - 1
    }
  }

  private func finding(
    _ broken: (invariant: ModelInvariant, detail: String), _ visit: Int32, _ last: ModelInput,
    _ visits: [Visit]
  ) -> Finding {
    var trace = ["\(last)"]
    var at = visit
    while at >= 0 {
      trace.append("\(ModelInput.all[Int(visits[Int(at)].input)])")
      at = visits[Int(at)].parent
    }
    return Finding(
      invariant: broken.invariant, detail: broken.detail, root: ModelRoot.allCases[Int(-1 - at)].rawValue,
      trace: trace.reversed())
  }
}
