// Serves a virtual TMCL module in real time on the terminal that is its standard input, for hosts written by others.
// Whoever starts it makes the pseudo-terminal and hands over the master's end. Runs until that end is closed, 120 s at most.
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

let family = TMCLModuleFamily.named(CommandLine.arguments.dropFirst().first ?? "TMCM-1240") ?? .tmcm1240
var device = TMCLDevice(TMCLDeviceParameters(family: family), at: monotonicNow())
var buffer = [UInt8](repeating: 0, count: SerialBytes.capacity)
let end = monotonicNow() + longestRun

while monotonicNow() < end {
  let now = monotonicNow()
  device.advance(to: now)
  var outgoing = device.transmit(at: now)
  while outgoing.count > 0 {
    let bytes = (0..<outgoing.count).map { outgoing[$0] }
    guard unsafe write(line, bytes, bytes.count) == bytes.count else { exit(1) }
    outgoing = device.transmit(at: now)
  }
  var watched = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
  let deadline = device.nextEvent.earlier(of: now + .seconds(1))
  guard unsafe poll(&watched, 1, milliseconds(from: now, to: deadline)) >= 0 else { exit(1) }
  if watched.revents != 0 {
    let count = unsafe read(line, &buffer, buffer.count)
    guard count > 0 else { exit(0) }
    for index in 0..<count { device.receive(buffer[index], at: monotonicNow()) }
  }
}
