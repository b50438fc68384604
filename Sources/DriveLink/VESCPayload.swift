/// What a VESC packet carries, command first: 1 to 512 bytes, the most the firmware sends (`PACKET_MAX_PL_LEN`).
///
/// Numbers have their most significant byte first.
public struct VESCPayload: Sendable, BitwiseCopyable {
  public static var capacity: Int { @_noLocks get { 512 } }

  private var storage: InlineArray<512, UInt8>
  public private(set) var count: Int

  @_noLocks public init() {
    storage = InlineArray(repeating: 0)
    count = 0
  }

  @_noLocks public init(_ command: VESCCommand) {
    self.init()
    append(command.number)
  }

  /// Adds a byte; what does not fit is left out.
  @_noLocks public mutating func append(_ byte: UInt8) {
    guard count < Self.capacity else { return }
    storage[count] = byte
    count += 1
  }

  @_noLocks public mutating func append(_ value: UInt32) {
    append(UInt8((value &>> 24) & 0xFF))
    append(UInt8((value &>> 16) & 0xFF))
    append(UInt8((value &>> 8) & 0xFF))
    append(UInt8(value & 0xFF))
  }

  @_noLocks public mutating func append(_ value: Int32) { append(UInt32(bitPattern: value)) }

  @_noLocks public mutating func append(_ value: Int16) {
    let bits = UInt16(bitPattern: value)
    append(UInt8((bits &>> 8) & 0xFF))
    append(UInt8(bits & 0xFF))
  }

  /// Adds a number as the firmware writes a `float32_auto`: the bits of IEEE 754 for every number that is not subnormal.
  @_noLocks public mutating func append(_ value: Float) { append(value.bitPattern) }

  @_noLocks public mutating func removeAll() { count = 0 }

  /// The byte at `index`, 0..<count; 0 beyond.
  public subscript(index: Int) -> UInt8 {
    @_noLocks get { index >= 0 && index < count ? storage[index] : 0 }
  }

  /// The number of four bytes that begins at `index`; what lies beyond the payload counts as 0.
  @_noLocks public func word(at index: Int) -> UInt32 {
    UInt32(self[index]) &<< 24 | UInt32(self[index + 1]) &<< 16 | UInt32(self[index + 2]) &<< 8
      | UInt32(self[index + 3])
  }

  @_noLocks public func integer(at index: Int) -> Int32 { Int32(bitPattern: word(at: index)) }

  @_noLocks public func half(at index: Int) -> Int16 {
    Int16(bitPattern: UInt16(self[index]) &<< 8 | UInt16(self[index + 1]))
  }

  @_noLocks public func number(at index: Int) -> Float { Float(bitPattern: word(at: index)) }

  public var checksum: UInt16 {
    @_noLocks get {
      var checksum = VESCChecksum()
      var index = 0
      while index < count {
        checksum.add(storage[index])
        index += 1
      }
      return checksum.value
    }
  }

  @_noLocks mutating func move(
    from source: borrowing VESCAccumulator.Buffer, at start: Int, count length: Int
  ) {
    count = length < Self.capacity ? length : Self.capacity
    var index = 0
    while index < count {
      storage[index] = source[start + index]
      index += 1
    }
  }
}
