/// CRC-16/XMODEM: polynomial 0x1021, start 0, neither reflected nor inverted. 0x31C3 for "123456789".
public struct VESCChecksum: Sendable, BitwiseCopyable {
  public private(set) var value: UInt16 = 0

  @_noLocks public init() {}

  @_noLocks public mutating func add(_ byte: UInt8) {
    value ^= UInt16(byte) &<< 8
    var bit = 0
    while bit < 8 {
      // Without a branch: all ones where the highest bit is set.
      value = (value &<< 1) ^ (0x1021 & (0 &- (value &>> 15)))
      bit += 1
    }
  }
}
