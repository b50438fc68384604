public import NeedleSafety
public import StrokeControl
public import Units

/// The virtual machine in virtual time: waiting costs nothing, the clock jumps to the next thing that happens, and one seed
/// replays a history exactly. No system call, and no allocation after it is made.
///
/// Computing takes no time here: between two waits the clock stands still, unless the timeline stalls the loop.
public struct SimulatedMachine: ~Copyable, Machine {
  // Behind a reference, because the compiler copies a value of this size (25 kB) for every call of a getter.
  private final class Box {
    var world: SimulatedWorld
    init(_ world: SimulatedWorld) { self.world = world }
  }

  private let box: Box

  public init(
    plant: Plant, timeline: Timeline = Timeline(), latency: WakeLatency = .none, seed: UInt64
  ) {
    box = Box(SimulatedWorld(plant: plant, timeline: timeline, latency: latency, seed: seed))
  }

  public var now: Instant { box.world.now }

  public mutating func wait(until deadline: Instant, into wake: inout Wake) {
    box.world.wait(until: deadline, into: &wake)
  }

  public mutating func write(_ outputs: OutputLevels) -> Bool { box.world.write(outputs) }

  public mutating func readBack() -> OutputLevels? { box.world.readBack() }

  /// Nothing here is a system call.
  public var callsOutsideWait: Int { 0 }

  public mutating func send(_ bytes: borrowing SerialBytes) -> Int { box.world.send(bytes) }

  /// The loop's process died: its lines fall back to their pulls, and the drive hears nothing more.
  public mutating func die() { box.world.die() }

  /// Lets virtual time pass without a loop, as after ``die()``. An instant in the past changes nothing.
  public mutating func pass(until instant: Instant) { box.world.pass(until: instant) }

  /// The world, open to judges.
  public var plant: Plant {
    _read { yield box.world.plant }
    _modify { yield &box.world.plant }
  }

  /// A judge's glance at the world as it is now.
  public var sight: PlantSight { box.world.plant.sight }

  /// What is still going to happen from outside.
  public var timeline: Timeline {
    _read { yield box.world.timeline }
    _modify { yield &box.world.timeline }
  }

  /// How often the loop was woken.
  public var wakes: Int { box.world.wakes }
}
