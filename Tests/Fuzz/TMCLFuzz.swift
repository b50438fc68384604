import DriveLink
import StrokeControl
import Units

/// Bytes, replies, commands and time against the links of a TMCL line with a depth axis and a needle motor.
///
/// Much of what the fuzzer says are whole replies with the checksum that belongs to them, honest ones or not: random bytes alone
/// hardly ever pass a checksum. One history in four begins on a line on which nobody has spoken; the others where the link is
/// verified and referenced, which takes a hundred exchanges that need not be fuzzed each time.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  var input = unsafe FuzzInput(start, count)
  var bench = input.byte() % 4 == 0 ? fresh : connected
  while !input.isEmpty { bench.step(&input) }
  return 0
}

private let fresh = TMCLFuzz()
private let connected = TMCLFuzz.connected()

struct TMCLFuzz {
  private var bus: TMCLBus
  private var now = Instant.boot
  private var lastRequest = TMCLFrame()
  /// What honest modules hold, by parameter: the stepper's at address 1, the servo's behind it.
  private var held = InlineArray<512, Int32>(repeating: 0)
  private static let ceiling = Millihertz.hertz(150)

  init() {
    var depth = TMCLLinkParameters(family: .tmcm1240, lease: .milliseconds(100))
    depth.module.replyTimeout = .milliseconds(8)
    let needle = TMCLNeedleParameters(family: .tmcm1617, lease: .milliseconds(100))
    bus = TMCLBus(depth: depth, needle: needle)
  }

  /// Verified and referenced.
  static func connected() -> Self {
    var bench = Self()
    for _ in 0..<1_000 where bench.bus.feedback.link != .verified { bench.converse() }
    bench.bus.request(.reference, at: bench.now)
    for _ in 0..<1_000 where !bench.bus.feedback.referenced { bench.converse() }
    precondition(bench.bus.feedback.referenced, "the drive does not come up")
    return bench
  }

  mutating func step(_ input: inout FuzzInput) {
    switch input.byte() % 8 {
    case 0: bus.receive(input.serialBytes(Int(input.byte() % 32)), at: now)
    case 1: bus.receive(reply(&input), at: now)
    case 2: bus.request(input.command(), at: now)
    case 3: bus.lineFailed(at: now)
    case 4: now += input.time()
    default: converse()
    }
    send()
  }

  /// A whole reply to the request that is on the line, or nearly.
  private func reply(_ input: inout FuzzInput) -> SerialBytes {
    let flags = input.byte()
    let status = flags & 3 == 0 ? input.byte() : 100
    let instruction = flags & 12 == 0 ? input.byte() : lastRequest[1]
    let address = flags & 48 == 0 ? input.byte() : lastRequest[0]
    let value = Int32(bitPattern: input.word())
    return TMCLReply(
      to: 2, from: address, TMCLStatus(status), TMCLInstruction(instruction), value: value
    ).frame.bytes
  }

  /// Waits until the link wants something, sends it, and answers it as an honest module would.
  private mutating func converse() {
    if bus.deadline > now { now += min(bus.deadline - now, .milliseconds(200)) }
    send()
    now += .microseconds(1_800)
    let reply = TMCLReply(
      to: 2, from: lastRequest[0], .success, TMCLInstruction(lastRequest[1]), value: honestValue)
    bus.receive(reply.frame.bytes, at: now)
  }

  private var place: Int { (lastRequest[0] == 3 ? 256 : 0) + Int(lastRequest[2]) }

  private var honestValue: Int32 {
    switch lastRequest[1] {
    case TMCLInstruction.firmwareVersion.number: lastRequest[0] == 3 ? 0x0651_0106 : 0x04D8_012D
    case TMCLInstruction.getAxis.number: held[place]
    case TMCLInstruction.getGlobal.number:
      lastRequest[2] == TMCLGlobalParameter.tickTimer
        ? Int32(truncatingIfNeeded: now.sinceBoot.inMilliseconds) : held[place]
    case TMCLInstruction.referenceSearch.number: 0
    default: lastRequest.value
    }
  }

  private mutating func send() {
    var frames = 0
    while let frame = bus.nextFrame(at: now) {
      frames += 1
      precondition(frames <= 4, "the link sends for ever")
      precondition(frame.count == TMCLFrame.length, "a frame is not nine bytes long")
      for index in 0..<TMCLFrame.length { lastRequest[index] = frame[index] }
      inspect()
    }
    judge(bus.feedback, fastest: Self.ceiling)
  }

  /// Nothing beyond the machine's limits is ever on the line.
  private mutating func inspect() {
    guard let request = TMCLRequest(lastRequest) else { preconditionFailure("a request is damaged") }
    switch request.instruction.number {
    case TMCLInstruction.setAxis.number, TMCLInstruction.setGlobal.number: held[place] = request.value
    case TMCLInstruction.rotateRight.number:
      precondition(request.address == 3 && request.value >= 0 && request.value <= 9_000, "too fast")
    case TMCLInstruction.move.number:
      precondition(request.address == 1 && request.value >= 0 && request.value <= 102_400, "too deep")
    default: break
    }
  }
}
