import DriveLink
import StrokeControl
import Units

/// Packets on their way to the host, in pieces of one transfer each, with the instant at which each piece has arrived; bounded.
struct VESCOutbox: Sendable {
  private struct Letter: Sendable {
    var bytes: SerialBytes
    var due: Instant
  }

  private static let capacity = 64
  private var letters: InlineArray<64, Letter>
  private var count = 0
  private var held: InlineArray<4, VESCPayload>
  private var heldCount = 0
  private var lineFreeAt = Instant.boot
  /// Pieces that found the outbox full.
  private(set) var overflowed = 0

  init() {
    letters = InlineArray(repeating: Letter(bytes: SerialBytes(), due: .distantFuture))
    held = InlineArray(repeating: VESCPayload())
  }

  /// When the next piece is due.
  var nextDue: Instant { count > 0 ? letters[0].due : .distantFuture }

  /// Adds a reply that begins at `start`, and does to it what the faults say.
  mutating func add(
    _ payload: VESCPayload, at start: Instant, byteTime: Nanoseconds, faults: inout ControllerFaults
  ) {
    if faults.heldReplies > 0 && heldCount < 4 {
      faults.heldReplies -= 1
      held[heldCount] = payload
      heldCount += 1
      return
    }
    post(payload, at: start, byteTime: byteTime, faults: &faults)
    if faults.happens(faults.duplicatedPerMillion) {
      post(payload, at: start, byteTime: byteTime, faults: &faults)
    }
    for index in 0..<heldCount { post(held[index], at: start, byteTime: byteTime, faults: &faults) }
    heldCount = 0
  }

  /// Noise of a line whose ends speak at different rates.
  mutating func addNoise(at start: Instant, byteTime: Nanoseconds, faults: inout ControllerFaults) {
    var bytes = SerialBytes()
    for _ in 0..<24 { bytes.append(UInt8(truncatingIfNeeded: faults.next())) }
    send(bytes, at: start, byteTime: byteTime)
  }

  /// A piece due by now.
  mutating func take(at now: Instant) -> SerialBytes {
    guard count > 0, letters[0].due <= now else { return SerialBytes() }
    let bytes = letters[0].bytes
    for index in 1..<Self.capacity where index < count { letters[index - 1] = letters[index] }
    count -= 1
    return bytes
  }

  private mutating func post(
    _ payload: VESCPayload, at start: Instant, byteTime: Nanoseconds, faults: inout ControllerFaults
  ) {
    var bytes = SerialBytes()
    if faults.happens(faults.garbagePerMillion) {
      for _ in 0...(faults.next() % 16) { bytes.append(UInt8(truncatingIfNeeded: faults.next())) }
    }
    var whole = VESCPacketBytes(payload)
    while let byte = whole.next() {
      if faults.happens(faults.lostPerMillion) { continue }
      let flip: UInt8 = faults.happens(faults.corruptedPerMillion) ? 1 << UInt8(faults.next() % 8) : 0
      if !bytes.append(byte ^ flip) {
        send(bytes, at: start, byteTime: byteTime)
        bytes = SerialBytes()
        bytes.append(byte ^ flip)
      }
    }
    send(bytes, at: start, byteTime: byteTime)
  }

  private mutating func send(_ bytes: SerialBytes, at start: Instant, byteTime: Nanoseconds) {
    guard count < Self.capacity else {
      overflowed += 1
      return
    }
    lineFreeAt = lineFreeAt.later(of: start) + byteTime * Int64(bytes.count)
    letters[count] = Letter(bytes: bytes, due: lineFreeAt)
    count += 1
  }
}

/// The bytes of a packet one by one, its checksum taken once.
private struct VESCPacketBytes {
  private let payload: VESCPayload
  private let header: Int
  private let checksum: UInt16
  private var index = 0

  init(_ payload: VESCPayload) {
    self.payload = payload
    header = payload.count > 255 ? 3 : 2
    checksum = payload.checksum
  }

  mutating func next() -> UInt8? {
    defer { index += 1 }
    switch index - header - payload.count {
    case 0: return UInt8(checksum >> 8)
    case 1: return UInt8(checksum & 0xFF)
    case 2: return 3
    case 3...: return nil
    default: break
    }
    if index >= header { return payload[index - header] }
    if index == 0 { return header == 3 ? 3 : 2 }
    return header == 3 && index == 1 ? UInt8(payload.count >> 8) : UInt8(payload.count & 0xFF)
  }
}
