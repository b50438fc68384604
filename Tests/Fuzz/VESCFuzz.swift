import DriveLink
import StrokeControl
import Units

/// Bytes, packets, commands and time against the link to two VESCs, as ``TMCLFuzz`` does it.
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
  private var now = Instant.boot
  /// The question on the line, and whether it is for the controller behind the CAN bus.
  private var question: UInt8 = 0
  private var isForFar = false
  /// What honest controllers hold.
  private var near = Self.delivered
  private var far = Self.delivered
  private static let ceiling = Millihertz.hertz(150)
  private static var delivered: VESCLimits {
    var limits = VESCLimits()
    limits.poles = 8
    return limits
  }

  init() {
    link = VESCLink(
      VESCLinkParameters(
        depth: VESCDepthParameters(controller: 11), needle: VESCNeedleParameters(controller: 10),
        lease: .milliseconds(100)))
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
    case 4: now += input.time()
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

  /// Waits until the link wants something, sends it, and answers it as an honest controller would.
  private mutating func converse() {
    if link.deadline > now { now += min(link.deadline - now, .milliseconds(200)) }
    send()
    now += .microseconds(1_200)
    receive(honestAnswer)
  }

  private var honestAnswer: VESCPayload {
    let number: UInt8 = isForFar ? 11 : 10
    var payload = VESCPayload(VESCCommand(question))
    switch question {
    case VESCCommand.firmwareVersion.number:
      payload.append(VESCFirmware.latest.major)
      payload.append(VESCFirmware.latest.minor)
    case VESCCommand.getValues.number:
      var values = VESCValues()
      values.angle = 60_000_000
      values.controller = number
      return values.payload
    case VESCCommand.getAppConfiguration.number:
      payload.append(VESCFirmware.latest.appSignature)
      payload.append(number)
      payload.append(UInt32(100))
      payload.append(Float(0))
    case VESCCommand.getMotorConfiguration.number:
      payload.append(VESCFirmware.latest.motorSignature)
      payload.append(UInt32(0))
      payload.append(Float(5))
    case VESCCommand.getTemporaryLimits.number: return (isForFar ? far : near).reply
    default: break
    }
    return payload
  }

  private mutating func send() {
    var frames = 0
    while let frame = link.nextFrame(at: now) {
      frames += 1
      precondition(frames <= 4, "the link sends for ever")
      inspect(frame)
    }
    judge(link.feedback, fastest: Self.ceiling)
  }

  /// Nothing beyond the machine's limits is ever on the line.
  private mutating func inspect(_ frame: SerialBytes) {
    precondition(frame.count >= 6 && frame[0] == 2 && Int(frame[1]) == frame.count - 5, "a packet is damaged")
    let start = frame[2] == VESCCommand.forwardCAN.number ? 4 : 2
    switch frame[start] {
    case 6, 7, 8, 9, 30: break
    default:
      question = frame[start]
      isForFar = start == 4
    }
    if frame[start] == VESCCommand.setTemporaryLimits.number { take(frame, from: start) }
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

  private mutating func take(_ frame: SerialBytes, from start: Int) {
    var payload = VESCPayload()
    for index in start..<frame.count - 3 { payload.append(frame[index]) }
    guard var limits = VESCLimits(request: payload) else { preconditionFailure("limits that are none") }
    limits.poles = 8
    if isForFar { far = limits } else { near = limits }
  }
}
