public import Units

/// What a run, or a campaign, went through: a soak in which nothing happens proves nothing.
public struct SoakTally: Sendable {
  public var simulated = Nanoseconds.zero
  public var turns = 0
  public var steps = 0
  public var strokes = 0
  /// Of these, revolutions of rotary machines.
  public var rotaryStrokes = 0
  public var dots = 0
  public var runs = 0
  public var refusedOrders = 0
  public var lostEvents = 0
  public var floods = 0
  public var faults: [String: Int] = [:]
  public var ends: [String: Int] = [:]

  public init() {}

  /// So many in an hour of simulated treatment.
  public func perHour(_ count: Int) -> Int {
    simulated > .zero ? Int(Double(count) * 3.6e12 / Double(simulated.count)) : 0
  }

  public mutating func add(_ other: SoakTally) {
    simulated += other.simulated
    turns += other.turns
    steps += other.steps
    strokes += other.strokes
    rotaryStrokes += other.rotaryStrokes
    dots += other.dots
    runs += other.runs
    refusedOrders += other.refusedOrders
    lostEvents += other.lostEvents
    floods += other.floods
    faults.merge(other.faults) { $0 + $1 }
    ends.merge(other.ends) { $0 + $1 }
  }
}
