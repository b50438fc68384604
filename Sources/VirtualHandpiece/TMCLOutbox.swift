import DriveLink
import StrokeControl
import Units

/// Replies on their way to the host, each with the instant at which its last byte arrives; bounded, the oldest goes first.
struct TMCLOutbox: Sendable {
  private struct Letter: Sendable {
    var bytes: SerialBytes
    var due: Instant
  }

  private static let capacity = 16
  private var letters: InlineArray<16, Letter>
  private var count = 0
  private var held: InlineArray<16, TMCLFrame>
  private var heldCount = 0
  /// Replies that found the outbox full.
  private(set) var overflowed = 0

  init() {
    letters = InlineArray(repeating: Letter(bytes: SerialBytes(), due: .distantFuture))
    held = InlineArray(repeating: TMCLFrame())
  }

  /// When the next reply is due.
  var nextDue: Instant { count > 0 ? letters[0].due : .distantFuture }

  /// Adds a reply, and does to it what the faults say.
  mutating func add(_ frame: TMCLFrame, due: Instant, faults: inout ControllerFaults) {
    if faults.heldReplies > 0 && heldCount < Self.capacity {
      faults.heldReplies -= 1
      held[heldCount] = frame
      heldCount += 1
      return
    }
    post(frame, due: due, faults: &faults)
    if faults.happens(faults.duplicatedPerMillion) { post(frame, due: due, faults: &faults) }
    // What was held back follows a millisecond behind.
    for index in 0..<heldCount {
      post(held[index], due: due + .milliseconds(Int64(index) + 1), faults: &faults)
    }
    heldCount = 0
  }

  /// The bytes due by now, up to what one transfer holds.
  mutating func take(at now: Instant) -> SerialBytes {
    var bytes = SerialBytes()
    while count > 0, letters[0].due <= now, bytes.count + letters[0].bytes.count <= SerialBytes.capacity {
      for index in 0..<letters[0].bytes.count { bytes.append(letters[0].bytes[index]) }
      for index in 1..<Self.capacity where index < count { letters[index - 1] = letters[index] }
      count -= 1
    }
    return bytes
  }

  private mutating func post(_ frame: TMCLFrame, due: Instant, faults: inout ControllerFaults) {
    var bytes = SerialBytes()
    if faults.happens(faults.garbagePerMillion) {
      for _ in 0...(faults.next() % 16) { bytes.append(UInt8(truncatingIfNeeded: faults.next())) }
    }
    for index in 0..<TMCLFrame.length {
      if faults.happens(faults.lostPerMillion) { continue }
      let flip: UInt8 = faults.happens(faults.corruptedPerMillion) ? 1 << UInt8(faults.next() % 8) : 0
      bytes.append(frame[index] ^ flip)
    }
    guard count < Self.capacity else {
      overflowed += 1
      return
    }
    letters[count] = Letter(bytes: bytes, due: due)
    count += 1
  }
}
