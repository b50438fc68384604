public import NeedleSafety
public import StrokeControl
public import Units

/// The virtual machine in virtual time: waiting costs nothing, the clock jumps to the next thing that happens, and one seed
/// replays a history exactly. No system call, and no allocation after it is made.
///
/// Computing takes no time here: between two waits the clock stands still, unless the timeline stalls the loop.
@safe public struct SimulatedMachine: ~Copyable, Machine {
  // A value of 25 kB, which the compiler copies whole for a getter, at a place of its own that only this machine knows: it
  // cannot be copied, so that nobody else reads or writes there.
  private let world: UnsafeMutablePointer<SimulatedWorld>

  public init(
    plant: Plant, timeline: Timeline = Timeline(), latency: WakeLatency = .none, seed: UInt64
  ) {
    unsafe world = .allocate(capacity: 1)
    unsafe world.initialize(
      to: SimulatedWorld(plant: plant, timeline: timeline, latency: latency, seed: seed))
  }

  deinit {
    unsafe world.deinitialize(count: 1)
    unsafe world.deallocate()
  }

  public var now: Instant { unsafe world.pointee.plant.handpiece.now }

  public mutating func wait(until deadline: Instant, into wake: inout Wake) {
    unsafe world.pointee.wait(until: deadline, into: &wake)
  }

  public mutating func write(_ outputs: OutputLevels) -> Bool { unsafe world.pointee.write(outputs) }

  public mutating func readBack() -> OutputLevels? { unsafe world.pointee.readBack() }

  /// Nothing here is a system call.
  public var callsOutsideWait: Int { 0 }

  public mutating func send(_ bytes: borrowing SerialBytes) -> Int { unsafe world.pointee.send(bytes) }

  /// The loop's process died: its lines fall back to their pulls, and the drive hears nothing more.
  public mutating func die() { unsafe world.pointee.die() }

  /// Lets virtual time pass without a loop, as after ``die()``. An instant in the past changes nothing.
  public mutating func pass(until instant: Instant) { unsafe world.pointee.pass(until: instant) }

  /// The world, open to judges.
  public var plant: Plant {
    _read { yield unsafe world.pointee.plant }
    _modify { yield unsafe &world.pointee.plant }
  }

  /// A judge's glance at the world as it is now.
  public var sight: PlantSight { mutating get { unsafe world.pointee.plant.sight } }

  /// What is still going to happen from outside.
  public var timeline: Timeline {
    _read { yield unsafe world.pointee.timeline }
    _modify { yield unsafe &world.pointee.timeline }
  }

  /// How often the loop was woken.
  public var wakes: Int { unsafe world.pointee.wakes }
}
