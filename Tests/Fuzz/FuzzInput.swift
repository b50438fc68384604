import StrokeControl
import Units

/// The fuzzer's bytes, read from the front; beyond them everything is 0.
struct FuzzInput {
  private let bytes: [UInt8]
  private var index = 0

  init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }

  var isEmpty: Bool { index >= bytes.count }

  mutating func byte() -> UInt8 {
    guard !isEmpty else { return 0 }
    defer { index += 1 }
    return bytes[index]
  }

  mutating func word() -> UInt32 {
    UInt32(byte()) << 24 | UInt32(byte()) << 16 | UInt32(byte()) << 8 | UInt32(byte())
  }

  /// Up to 64 bytes as they come.
  mutating func serialBytes(_ count: Int) -> SerialBytes {
    var taken = SerialBytes()
    for _ in 0..<min(count, SerialBytes.capacity) where !isEmpty { taken.append(byte()) }
    return taken
  }

  /// From no time to four seconds, finely where it is short.
  mutating func time() -> Nanoseconds {
    let figure = Int64(byte())
    return .microseconds(figure * figure * 62)
  }

  mutating func command() -> DriveCommand {
    switch byte() % 6 {
    case 0: .stop
    case 1: .reference
    case 2: .moveDepth(Micrometres(Int32(truncatingIfNeeded: Int(word() >> 16) - 1_000)))
    case 3: .spin(Millihertz(Int32(truncatingIfNeeded: word())))
    case 4: .spin(.hertz(Int32(byte())))
    default: .none
    }
  }
}

/// What must hold of every link at every moment; broken, it ends the fuzzer with a crash that says so.
func judge(_ feedback: DriveFeedback, fastest: Millihertz) {
  if let rate = feedback.commandedRate {
    precondition(rate >= .zero && rate <= fastest, "a rate is claimed that is beyond the ceiling")
  }
  if let rate = feedback.rate { precondition(rate >= .zero, "a rate is negative") }
  precondition(
    feedback.link == .verified || !feedback.limitsVerified, "limits are proved on a link that is not")
  if let depth = feedback.commandedDepth {
    precondition(depth >= .zero && depth <= Micrometres(2_000), "a depth is claimed that is out of range")
  }
}
