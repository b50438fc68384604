public import StrokeControl

/// Bytes that the drive sent and the board has not read: the serial port's own buffer. What does not fit is lost, and counted.
public struct ReplyQueue: Sendable {
  /// Two seconds of the polling a link does; a kernel's tty holds 4,096.
  public static var capacity: Int { 1_024 }

  private var storage = InlineArray<1_024, UInt8>(repeating: 0)
  private var first = 0
  public private(set) var count = 0
  public private(set) var lost = 0

  init() {}

  mutating func append(_ bytes: borrowing SerialBytes) {
    for index in 0..<bytes.count {
      guard count < Self.capacity else {
        lost += 1
        continue
      }
      storage[(first + count) % Self.capacity] = bytes[index]
      count += 1
    }
  }

  /// Moves as many bytes as fit into `bytes`.
  public mutating func take(into bytes: inout SerialBytes) {
    while count > 0, bytes.append(storage[first]) {
      first = (first + 1) % Self.capacity
      count -= 1
    }
  }

  mutating func removeAll() { count = 0 }
}
