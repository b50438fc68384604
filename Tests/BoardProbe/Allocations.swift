import LinuxMachine
import MallocCount
import NeedleSafety
import StrokeControl
import Units

/// Counts what 2,000 wakes, writes, read-backs and sends allocate; edges and bytes come from outside meanwhile.
func countAllocations(_ wakeUp: WakeUp) throws {
  var machine = try openBoard(wakeUp: wakeUp)
  var wake = Wake()
  var edges = 0
  var bytes = 0
  say("ready")
  let before = stipple_allocations()
  for turn in 0..<2_000 {
    machine.wait(until: machine.now + .milliseconds(1), into: &wake)
    edges += wake.edges.count
    bytes += wake.received.count
    if turn % 10 == 0 { wakeUp.signal() }
    _ = machine.write(OutputLevels(bits: turn % 2 == 0 ? OutputSignal.watchdog.bit : 0))
    _ = machine.readBack()
    if wake.received.count > 0 { _ = machine.send(wake.received) }
  }
  let during = stipple_allocations() - before
  let probe = stipple_allocations()
  let array = [turnCount(edges), bytes]
  say(
    "allocations \(during) edges=\(edges) bytes=\(bytes) counter-works=\(stipple_allocations() > probe) \(array.count)"
  )
}

@inline(never) private func turnCount(_ count: Int) -> Int { count }
