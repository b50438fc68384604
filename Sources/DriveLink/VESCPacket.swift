public import StrokeControl

/// A payload on the line: `02` and one byte of length, or `03` and two, the payload, its checksum, `03`.
public struct VESCPacket: Sendable, BitwiseCopyable {
  public let payload: VESCPayload

  @_noLocks public init(_ payload: VESCPayload) { self.payload = payload }

  /// Bytes before and behind the payload.
  private var header: Int { @_noLocks get { payload.count > 255 ? 3 : 2 } }

  public var count: Int { @_noLocks get { header + payload.count + 3 } }

  /// The byte at `index`, 0..<count. Reading all of one packet takes its checksum twice.
  @_noLocks public func byte(at index: Int) -> UInt8 {
    if index < header { return headerByte(at: index) }
    let behind = index - header - payload.count
    if behind < 0 { return payload[index - header] }
    switch behind {
    case 0: return UInt8(payload.checksum &>> 8)
    case 1: return UInt8(payload.checksum & 0xFF)
    default: return 3
    }
  }

  @_noLocks private func headerByte(at index: Int) -> UInt8 {
    switch (header, index) {
    case (2, 0): return 2
    case (2, _): return UInt8(payload.count & 0xFF)
    case (_, 0): return 3
    case (_, 1): return UInt8((payload.count &>> 8) & 0xFF)
    default: return UInt8(payload.count & 0xFF)
    }
  }

  /// The bytes from `start` on, as many as one transfer holds.
  @_noLocks public func bytes(from start: Int = 0) -> SerialBytes {
    var bytes = SerialBytes()
    var index = start
    while index < count && bytes.count < SerialBytes.capacity {
      bytes.append(byte(at: index))
      index += 1
    }
    return bytes
  }
}
