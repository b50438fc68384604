public import NeedleSafety
public import StrokeControl
public import Units

/// The virtual machine in virtual time: waiting costs nothing, the clock jumps to the next thing that happens, and one seed
/// replays a history exactly. No system call, and no allocation after it is made.
///
/// Computing takes no time here: between two waits the clock stands still, unless the timeline stalls the loop.
public struct SimulatedMachine: ~Copyable, Machine {
  /// The world, open to judges.
  public var plant: Plant
  /// What is still going to happen from outside.
  public var timeline: Timeline
  /// How often the loop was woken.
  public private(set) var wakes = 0

  private let latency: WakeLatency
  private var generator: SeededGenerator
  private var outputs = OutputLevels.safe
  private var isWoken = false
  private var stalledUntil = Instant.boot
  private var refusesWrites = false
  private var inputsFail = false
  private var serialIsClosed = false

  public init(
    plant: Plant, timeline: Timeline = Timeline(), latency: WakeLatency = .none, seed: UInt64
  ) {
    self.plant = plant
    self.timeline = timeline
    self.latency = latency
    generator = SeededGenerator(seed: seed)
  }

  public var now: Instant { plant.now }

  public mutating func wait(until deadline: Instant, into wake: inout Wake) {
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

  public mutating func write(_ levels: OutputLevels) -> Bool {
    guard !refusesWrites else { return false }
    outputs = levels
    plant.apply(outputs: levels, at: now)
    return true
  }

  public mutating func readBack() -> OutputLevels? { refusesWrites ? nil : outputs }

  public mutating func send(_ bytes: borrowing SerialBytes) -> Int {
    guard !serialIsClosed else { return -1 }
    plant.receive(bytes, at: now)
    return bytes.count
  }

  /// The loop's process died: its lines fall back to their pulls, and the drive hears nothing more.
  public mutating func die() {
    outputs = .safe
    plant.apply(outputs: .safe, at: now)
  }

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
    wake.edges = plant.handpiece.edges
    plant.handpiece.edges.removeAll()
    wake.inputFailed = inputsFail
    wake.serialFailed = serialIsClosed
    wake.received.removeAll()
    plant.replies.take(into: &wake.received)
    if serialIsClosed { wake.received.removeAll() }
    wake.systemCalls = 0
  }
}
