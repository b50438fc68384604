import NeedleSafety
import StrokeControl
import Units

/// The state of a ``SimulatedMachine``: the world, what is still to come, and what the kernel would hold.
struct SimulatedWorld {
  var plant: Plant
  var timeline: Timeline
  private(set) var wakes = 0

  private let latency: WakeLatency
  private var generator: SeededGenerator
  private var outputs = OutputLevels.safe
  private var isWoken = false
  private var stalledUntil = Instant.boot
  private var refusesWrites = false
  private var inputsFail = false
  private var serialIsClosed = false

  init(plant: Plant, timeline: Timeline, latency: WakeLatency, seed: UInt64) {
    self.plant = plant
    self.timeline = timeline
    self.latency = latency
    generator = SeededGenerator(seed: seed)
  }

  var now: Instant { plant.handpiece.now }

  mutating func wait(until deadline: Instant, into wake: inout Wake) {
    run(until: deadline, stopsAtNews: true)
    var wokenAt = now
    if case .upTo = latency { wokenAt += latency.next(&generator) }
    wokenAt = wokenAt.later(of: stalledUntil)
    if wokenAt > now {
      run(until: wokenAt, stopsAtNews: false)
      // A stall that began while the loop was already late delays this same wake.
      while stalledUntil > now { run(until: stalledUntil, stopsAtNews: false) }
    }
    fill(&wake)
  }

  mutating func write(_ levels: OutputLevels) -> Bool {
    guard !refusesWrites else { return false }
    outputs = levels
    plant.apply(outputs: levels, at: now)
    return true
  }

  func readBack() -> OutputLevels? { refusesWrites ? nil : outputs }

  mutating func send(_ bytes: borrowing SerialBytes) -> Int {
    guard !serialIsClosed else { return -1 }
    plant.receive(bytes, at: now)
    return bytes.count
  }

  mutating func die() {
    outputs = .safe
    plant.apply(outputs: .safe, at: now)
  }

  mutating func pass(until instant: Instant) { run(until: instant, stopsAtNews: false) }

  private var hasNews: Bool {
    isWoken || plant.handpiece.edges.count > 0 || plant.handpiece.edges.lost > 0
      || (plant.replies.count > 0 && !serialIsClosed)
  }

  /// Runs the world to `limit`, or to the first thing that wakes the loop.
  private mutating func run(until limit: Instant, stopsAtNews: Bool) {
    while !(stopsAtNews && hasNews) {
      let next = plant.nextEvent.earlier(of: timeline.next)
      guard next <= limit else {
        if limit > now { plant.advance(to: limit) }
        return
      }
      plant.advance(to: next.later(of: now))
      while timeline.next <= now, let happening = timeline.takeNext() { undergo(happening) }
    }
  }

  private mutating func undergo(_ happening: Timeline.Happening) {
    switch happening {
    case .person(let action): plant.perform(action)
    case .wake: isWoken = true
    case .stall(let length): stalledUntil = stalledUntil.later(of: now + length)
    case .refuseWrites(let refuses): refusesWrites = refuses
    case .failInputs(let fail): inputsFail = fail
    case .closeSerial(let closed): serialIsClosed = closed
    case .loseEdges(let number): plant.handpiece.edges.noteLost(number)
    }
  }

  private mutating func fill(_ wake: inout Wake) {
    wakes += 1
    isWoken = false
    wake.now = now
    wake.levels = plant.handpiece.inputs
    plant.handpiece.edges.take(into: &wake.edges)
    wake.inputFailed = inputsFail
    wake.serialFailed = serialIsClosed
    wake.received.removeAll()
    plant.replies.take(into: &wake.received)
    if serialIsClosed { wake.received.removeAll() }
    wake.systemCalls = 0
  }
}
