import Glibc
import LinuxMachine
import NeedleSafety
import StrokeControl
import Synchronization
import Units

/// What one wake brought, kept until the end so that printing does not disturb the timing.
struct Record {
  var wake: Wake
  var deadline: Instant
  var written: Bool

  var line: String {
    var edges: [String] = []
    for index in 0..<wake.edges.count {
      let edge = wake.edges[index]
      edges.append("\(edge.signal.lineName)\(edge.rising ? "+" : "-")@\(edge.at.sinceBoot.count)")
    }
    return
      "wake now=\(wake.now.sinceBoot.count) deadline=\(deadline.sinceBoot.count) calls=\(wake.systemCalls) "
      + "levels=\(wake.levels.bits) lost=\(wake.edges.lost) bytes=\(wake.received.count) "
      + "serial=\(wake.serialFailed ? "gone" : "up") inputs=\(wake.inputFailed ? "failed" : "read") "
      + "written=\(written) edges=\(edges.joined(separator: ","))"
  }
}

/// A minimal loop: torque follows the emergency stop, FIRE the pedal, WATCHDOG toggles every period, serial bytes are echoed.
struct Follower: ~Copyable {
  var machine: LinuxMachine
  let period: Nanoseconds
  let length: Nanoseconds
  let serialGone: ProbeFlags

  mutating func run() -> [Record] {
    var records: [Record] = []
    records.reserveCapacity(200_000)
    var wake = Wake()
    var outputs = OutputLevels.safe
    // The first pass touches code that no page holds yet; a page from the rig's disk takes milliseconds.
    for _ in 0..<10 { machine.wait(until: machine.now + .milliseconds(1), into: &wake) }
    say("running")
    let end = machine.now + length
    var deadline = machine.now + period
    while machine.now < end {
      machine.wait(until: deadline, into: &wake)
      var record = Record(wake: wake, deadline: deadline, written: true)
      // An opening that is over when the loop wakes is an opening all the same.
      var stopped = !wake.levels.isHigh(.emergencyStopA) || !wake.levels.isHigh(.emergencyStopB)
      for index in 0..<wake.edges.count where wake.edges[index].signal == .emergencyStopA {
        stopped = stopped || !wake.edges[index].rising
      }
      outputs.set(.fire, high: !stopped && wake.levels.isHigh(.pedalNormallyOpen))
      outputs.set(.torqueEnableA, high: !stopped)
      outputs.set(.torqueEnableB, high: !stopped)
      if wake.now >= deadline {
        outputs.set(.watchdog, high: !outputs.isHigh(.watchdog))
        deadline += period
      }
      record.written = machine.write(outputs)
      if wake.received.count > 0 { _ = machine.send(wake.received) }
      serialGone.isSerialGone.store(wake.serialFailed, ordering: .relaxed)
      records.append(record)
    }
    return records
  }
}

final class ProbeFlags: Sendable {
  let isSerialGone = Atomic(false)
}

/// `--ms` of the follower on a real-time thread, while standard input's lines become wake-ups and a serial line that went away
/// is opened again at the same path.
func follow(_ wakeUp: WakeUp) throws {
  let flags = ProbeFlags()
  let handover = SerialHandover()
  let follower = Follower(
    machine: try openBoard(wakeUp: wakeUp, handover: handover),
    period: .microseconds(Int64(Options.number("period-us", default: 1_000))),
    length: .milliseconds(Int64(Options.number("ms", default: 1_000))), serialGone: flags)
  let signals = try RealTimeThread(name: "signals", request: .plain, payload: ()) { _, _ in
    while readLine() != nil { wakeUp.signal() }
  }
  if let serial = Options.serial {
    let again = try RealTimeThread(name: "replug", request: .plain, payload: ()) { _, _ in
      while true {
        usleep(10_000)
        guard flags.isSerialGone.load(ordering: .relaxed) else { continue }
        guard let port = try? SerialPort(path: serial.path, baud: serial.baud) else { continue }
        handover.offer(port)
        wakeUp.signal()
        usleep(50_000)
      }
    }
    _ = consume again
  }
  _ = consume signals
  let request = RealTimeRequest(priority: 80, cpu: 0, lockMemory: true, holdCpuLatency: true)
  let loop = try RealTimeThread(name: "loop", request: request, payload: follower) { follower, grant in
    var follower = follower
    say("ready fifo=\(grant.fifo) memory=\(grant.memoryLocked) cpu=\(grant.cpu) latency=\(grant.dmaLatency)")
    for record in follower.run() { say(record.line) }
  }
  loop.join()
}

extension RealTimeRequest {
  static var plain: RealTimeRequest {
    RealTimeRequest(priority: nil, cpu: nil, lockMemory: false, holdCpuLatency: false, stackBytes: 256 * 1024)
  }
}

/// `--count` FIRE pulses of 4 ms every 10 ms, timed by deadlines alone.
func pulse(_ wakeUp: WakeUp) throws {
  let machine = try openBoard(wakeUp: wakeUp)
  let count = Options.number("count", default: 100)
  let request = RealTimeRequest(priority: 80, cpu: nil, lockMemory: true, holdCpuLatency: false)
  let loop = try RealTimeThread(name: "loop", request: request, payload: machine) { machine, _ in
    var machine = machine
    var wake = Wake()
    let first = machine.now + .milliseconds(20)
    say("first \(first.sinceBoot.count)")
    for stroke in 0..<count {
      let start = first + .milliseconds(10) * Int64(stroke)
      machine.wait(until: start, into: &wake)
      _ = machine.write(OutputLevels(bits: OutputSignal.fire.bit))
      machine.wait(until: start + .milliseconds(4), into: &wake)
      _ = machine.write(.safe)
    }
  }
  loop.join()
}

/// Opens, says so, looks away until a line comes on standard input, then reports every wake until nothing waits.
func stall(_ wakeUp: WakeUp) throws {
  var machine = try openBoard(wakeUp: wakeUp)
  say("ready")
  _ = readLine()
  var wake = Wake()
  for _ in 0..<Options.number("wakes", default: 40) {
    let deadline = machine.now + .milliseconds(1)
    machine.wait(until: deadline, into: &wake)
    say(Record(wake: wake, deadline: deadline, written: true).line)
  }
}

func feedWatchdog() throws {
  let advanced = ProbeCounter()
  let watchdog = try HardwareWatchdog.open(
    timeoutSeconds: Int32(Options.number("timeout", default: 5)), pretimeoutSeconds: 1,
    interval: .milliseconds(500),
    progress: { advanced.count.load(ordering: .relaxed) })
  say("watchdog \(watchdog.timeoutSeconds) s, magic close \(watchdog.stopsWhenClosed)")
  for _ in 0..<Options.number("advance", default: 20) {
    usleep(500_000)
    advanced.count.wrappingAdd(1, ordering: .relaxed)
  }
  if Options.arguments.contains("--hang") {
    say("hanging")
    while true { _ = pause() }
  }
  watchdog.stop()
  say("stopped")
}

final class ProbeCounter: Sendable {
  let count = Atomic<UInt64>(0)
}
