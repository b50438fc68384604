// Serves a virtual drive in real time on the terminal that is its standard input, for hosts written by others. Whoever starts it
// makes the pseudo-terminal and hands over the master's end. Runs until that end is closed, 120 s at most.
//
// Arguments: one TMCL family for a module alone (TMCM-1240, TMCM-1617), two for a depth axis and a needle motor on one line, or
// VESC for a needle's controller, number 10, and a depth axis's behind it, number 11.
import DriveLink
import Glibc
import StrokeControl
import Units
import VirtualHandpiece

let longestRun = Nanoseconds.seconds(120)
let line = STDIN_FILENO

func monotonicNow() -> Instant {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Instant(sinceBoot: .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec)))
}

/// Whole milliseconds for `poll`, rounded up so that it does not return early.
func milliseconds(from now: Instant, to deadline: Instant) -> Int32 {
  guard deadline > now else { return 0 }
  return Int32(clamping: (deadline - now + .microseconds(999)).inMilliseconds)
}

func module(_ family: TMCLModuleFamily, at now: Instant) -> TMCLDevice {
  TMCLDevice(TMCLDeviceParameters(family: family), at: now)
}

func makeDrive(_ names: [String], at now: Instant) -> VirtualDrive? {
  if names == ["VESC"] {
    let needle = VESCUnitParameters(number: 10, turnsNeedle: true, firmware: .latest)
    let depth = VESCUnitParameters(number: 11, turnsNeedle: false, firmware: .latest)
    return VirtualDrive(vesc: VESCDevice(near: needle, far: depth, at: now))
  }
  let families = names.compactMap { TMCLModuleFamily.named($0) }
  guard families.count == names.count, let first = families.first, families.count <= 2 else { return nil }
  let second = families.count == 2 ? module(families[1], at: now) : nil
  return VirtualDrive(stepper: module(first, at: now), servo: second)
}

/// A shaft without a load: it follows the motor's demand along its ramp, and coasts without one.
struct Shaft {
  private var rate = 0.0
  private var last: Instant
  private let friction = 200.0

  init(at now: Instant) { last = now }

  mutating func follow(_ demand: MotorDemand, at now: Instant) -> Millihertz {
    let seconds = Double((now - last).count) / 1e9
    last = now
    switch demand {
    case .run(let wanted, let acceleration):
      let most = Double(acceleration) * seconds
      rate += min(most, max(-most, Double(wanted.count) / 1_000 - rate))
    case .free: rate = max(0, rate - friction * seconds)
    }
    return Millihertz(Int32((rate * 1_000).rounded()))
  }
}

let start = monotonicNow()
guard var drive = makeDrive(Array(CommandLine.arguments.dropFirst()), at: start) else {
  print("usage: drive-on-pty FAMILY [FAMILY] | VESC")
  exit(64)
}
var shaft = Shaft(at: start)
var buffer = [UInt8](repeating: 0, count: SerialBytes.capacity)
let end = start + longestRun

while monotonicNow() < end {
  let now = monotonicNow()
  drive.setCamRate(shaft.follow(drive.camDemand, at: now))
  drive.advance(to: now)
  var outgoing = drive.transmit(at: now)
  while outgoing.count > 0 {
    let bytes = (0..<outgoing.count).map { outgoing[$0] }
    guard unsafe write(line, bytes, bytes.count) == bytes.count else { exit(1) }
    outgoing = drive.transmit(at: now)
  }
  var watched = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
  let deadline = drive.nextEvent.earlier(of: now + .milliseconds(5))
  guard unsafe poll(&watched, 1, milliseconds(from: now, to: deadline)) >= 0 else { exit(1) }
  if watched.revents != 0 {
    let count = unsafe read(line, &buffer, buffer.count)
    guard count > 0 else { exit(0) }
    var incoming = SerialBytes()
    for index in 0..<count { incoming.append(buffer[index]) }
    let arrived = monotonicNow()
    drive.setCamRate(shaft.follow(drive.camDemand, at: arrived))
    drive.receive(incoming, at: arrived)
  }
}
