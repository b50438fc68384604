public import StrokeControl

/// Nine bytes of TMCL: four header bytes, a value with its most significant byte first, and the sum of the eight modulo 256.
///
/// Requests and replies share this shape; ``TMCLRequest`` and ``TMCLReply`` name the header bytes.
public struct TMCLFrame: Sendable, BitwiseCopyable {
  public static var length: Int { @_noLocks get { 9 } }

  var storage: InlineArray<9, UInt8>

  /// An all-zero frame, to be filled.
  @_noLocks public init() { storage = InlineArray(repeating: 0) }

  /// A frame with its checksum.
  @_noLocks public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8, value: Int32) {
    let bits = UInt32(bitPattern: value)
    storage = InlineArray(repeating: 0)
    storage[0] = first
    storage[1] = second
    storage[2] = third
    storage[3] = fourth
    storage[4] = UInt8((bits &>> 24) & 0xFF)
    storage[5] = UInt8((bits &>> 16) & 0xFF)
    storage[6] = UInt8((bits &>> 8) & 0xFF)
    storage[7] = UInt8(bits & 0xFF)
    storage[8] = sum
  }

  /// The byte at `index`, 0..<9.
  public subscript(index: Int) -> UInt8 {
    @_noLocks get { storage[index] }
    @_noLocks set { storage[index] = newValue }
  }

  /// The sum of the first eight bytes, modulo 256.
  public var sum: UInt8 {
    @_noLocks get {
      var total: UInt8 = 0
      var index = 0
      while index < 8 {
        total = total &+ storage[index]
        index += 1
      }
      return total
    }
  }

  /// The last byte is the sum of the others.
  public var isIntact: Bool { @_noLocks get { storage[8] == sum } }

  public var value: Int32 {
    @_noLocks get {
      let high = UInt32(storage[4]) &<< 24 | UInt32(storage[5]) &<< 16
      let low = UInt32(storage[6]) &<< 8 | UInt32(storage[7])
      return Int32(bitPattern: high | low)
    }
  }

  /// The bytes as the machine sends them.
  public var bytes: SerialBytes {
    @_noLocks get {
      var bytes = SerialBytes()
      var index = 0
      while index < 9 {
        bytes.append(storage[index])
        index += 1
      }
      return bytes
    }
  }
}
