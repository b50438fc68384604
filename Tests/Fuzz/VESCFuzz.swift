import DriveLink
import StrokeControl
import Units
import VirtualHandpiece

/// Bytes, packets, commands and time against the link to two VESCs.
///
/// One history in four begins on a line on which nobody has spoken; the others where link and drive are ready for strokes, which
/// takes a hundred exchanges that need not be fuzzed each time.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var input = unsafe FuzzInput(start, count)
  var bench = input.byte() % 4 == 0 ? fresh : connected
  while !input.isEmpty { bench.step(&input) }
  return 0
}

private let fresh = VESCFuzz()
private let connected = VESCFuzz.connected()

struct VESCFuzz {
  private var link: VESCLink
  private var drive: VirtualDrive
  private var now = Instant.boot
  private var question: UInt8 = 0
  private var isCut = false
  private static let ceiling = Millihertz.hertz(150)

  init() {
    link = VESCLink(
      VESCLinkParameters(
        depth: VESCDepthParameters(controller: 11), needle: VESCNeedleParameters(controller: 10),
        lease: .milliseconds(100)))
    var needle = VESCUnitParameters(number: 10, turnsNeedle: true, firmware: .latest)
    needle.bootTime = .zero
    let depth = VESCUnitParameters(number: 11, turnsNeedle: false, firmware: .latest)
    drive = VirtualDrive(vesc: VESCDevice(near: needle, far: depth, at: .boot))
  }

  /// Verified and referenced.
  static func connected() -> Self {
    var bench = Self()
    for _ in 0..<1_000 where bench.link.feedback.link != .verified { bench.converse() }
    bench.link.request(.reference, at: bench.now)
    for _ in 0..<1_000 where !bench.link.feedback.referenced { bench.converse() }
    precondition(bench.link.feedback.referenced, "the drive does not come up")
    return bench
  }

  mutating func step(_ input: inout FuzzInput) {
    switch input.byte() % 8 {
    case 0: link.receive(input.serialBytes(Int(input.byte() % 64)), at: now)
    case 1: receive(packet(&input))
    case 2: link.request(input.command(), at: now)
    case 3: link.lineFailed(at: now)
    case 4: pass(input.time())
    case 5: isCut.toggle()
    default: converse()
    }
    send()
  }

  /// A whole packet: a reading, or any payload behind the command that is asked for.
  private func packet(_ input: inout FuzzInput) -> VESCPayload {
    let kind = input.byte()
    if kind % 3 == 0 {
      var values = VESCValues()
      values.rpm = Int32(bitPattern: input.word())
      values.angle = Int32(bitPattern: input.word())
      values.tachometer = Int32(bitPattern: input.word())
      values.motorCurrent = Int32(bitPattern: input.word())
      values.fault = input.byte()
      values.controller = kind & 64 == 0 ? 10 : 11
      values.hasTimedOut = kind & 128 != 0
      return values.payload
    }
    var payload = VESCPayload(VESCCommand(kind % 3 == 1 ? question : input.byte()))
    let count = Int(input.byte() % 90)
    for _ in 0..<count where !input.isEmpty { payload.append(input.byte()) }
    return payload
  }

  private mutating func receive(_ payload: VESCPayload) {
    let packet = VESCPacket(payload)
    var start = 0
    while start < packet.count {
      let bytes = packet.bytes(from: start)
      link.receive(bytes, at: now)
      start += bytes.count
    }
  }

  private mutating func pass(_ time: Nanoseconds) {
    now += time
    drive.advance(to: now)
  }

  /// The controllers answer, and the next question goes out.
  private mutating func converse() {
    let next = link.deadline.earlier(of: drive.nextEvent)
    if next > now { pass(min(next - now, .milliseconds(200))) }
    while true {
      let bytes = drive.transmit(at: now)
      if bytes.count == 0 { break }
      link.receive(bytes, at: now)
    }
    send()
  }

  private mutating func send() {
    var frames = 0
    while let frame = link.nextFrame(at: now) {
      frames += 1
      precondition(frames <= 4, "the link sends for ever")
      inspect(frame)
      if !isCut { drive.receive(frame, at: now) }
    }
    judge(link.feedback, fastest: Self.ceiling)
  }

  /// Nothing beyond the machine's limits is ever on the line.
  private mutating func inspect(_ frame: SerialBytes) {
    precondition(frame.count >= 6 && frame[0] == 2 && Int(frame[1]) == frame.count - 5, "a packet is damaged")
    let start = frame[2] == 34 ? 4 : 2
    question = frame[start]
    guard frame.count >= start + 8 else { return }
    var value: UInt32 = 0
    for index in 1...4 { value = value << 8 | UInt32(frame[start + index]) }
    let figure = Int32(bitPattern: value)
    switch frame[start] {
    case 8: precondition(figure >= 0 && figure <= 36_000, "too fast")
    case 9: precondition(figure >= 60_000_000 && figure <= 300_000_000, "too deep")
    case 6: precondition(figure == 0, "a current that is no stop")
    case 7: precondition(figure == 800, "a brake beyond the motor's current")
    default: break
    }
  }
}
