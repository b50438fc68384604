/// Finds packets in a stream of bytes, whatever lies between them.
///
/// Bytes are kept until they make a packet whose length, last byte and checksum fit; where they cannot, the oldest byte is dropped
/// and the rest is looked at again, so a whole packet is found whatever garbage precedes it, once that garbage is long enough for
/// the packet it pretended to be: 517 bytes at the most, fewer when ``removeAll()`` clears them before a request.
public struct VESCAccumulator: Sendable, BitwiseCopyable {
  typealias Buffer = InlineArray<520, UInt8>

  private var storage: Buffer
  private var count: Int
  /// The last packet found; only valid right after ``append(_:)`` said so.
  public private(set) var payload: VESCPayload
  /// Bytes that belonged to no packet.
  public private(set) var discarded: UInt32
  /// Runs of such bytes that ended in a packet.
  public private(set) var resynchronisations: UInt32
  /// Whole packets whose checksum was wrong.
  public private(set) var checksumErrors: UInt32
  private var inGarbage: Bool
  /// Bytes still missing before it is worth looking again.
  private var missing: Int

  @_noLocks public init() {
    storage = InlineArray(repeating: 0)
    count = 0
    payload = VESCPayload()
    discarded = 0
    resynchronisations = 0
    checksumErrors = 0
    inGarbage = false
    missing = 0
  }

  /// Takes a byte; whether it completed a packet, which is then in ``payload``.
  @_noLocks public mutating func append(_ byte: UInt8) -> Bool {
    storage[count] = byte
    count += 1
    if missing > 1 {
      missing -= 1
      return false
    }
    return look()
  }

  /// Forgets the beginning of a packet whose rest will not come.
  @_noLocks public mutating func removeAll() {
    discarded &+= UInt32(count)
    count = 0
    missing = 0
    inGarbage = false
  }

  /// The checksum errors since this was last called.
  @_noLocks mutating func takeChecksumErrors() -> UInt32 {
    let errors = checksumErrors
    checksumErrors = 0
    return errors
  }

  private enum Finding {
    case nothing
    case incomplete(missing: Int)
    case packet(start: Int, length: Int)
  }

  /// What the bytes from `start` on can be.
  @_noLocks private mutating func finding(at start: Int) -> Finding {
    let available = count - start
    let header = storage[start] == 2 ? 2 : 3
    guard storage[start] == 2 || storage[start] == 3 else { return .nothing }
    guard available >= header else { return .incomplete(missing: header - available) }
    let length =
      header == 2 ? Int(storage[start + 1]) : Int(storage[start + 1]) &<< 8 | Int(storage[start + 2])
    // A short packet has one byte of length; the firmware takes 255 bytes either way.
    guard length >= 1, header == 2 || length >= 255, length <= VESCPayload.capacity else { return .nothing }
    let whole = header + length + 3
    guard available >= whole else { return .incomplete(missing: whole - available) }
    guard storage[start + whole - 1] == 3 else { return .nothing }
    var checksum = VESCChecksum()
    var index = start + header
    while index < start + header + length {
      checksum.add(storage[index])
      index += 1
    }
    let expected = UInt16(storage[index]) &<< 8 | UInt16(storage[index + 1])
    guard checksum.value == expected else {
      checksumErrors &+= 1
      return .nothing
    }
    return .packet(start: start + header, length: length)
  }

  /// Looks for a packet from the oldest byte on.
  @_noLocks private mutating func look() -> Bool {
    var start = 0
    while start < count {
      switch finding(at: start) {
      case .nothing:
        start += 1
        discarded &+= 1
        inGarbage = true
      case .incomplete(let bytes):
        drop(start)
        missing = bytes
        return false
      case .packet(let first, let length):
        payload.move(from: storage, at: first, count: length)
        if inGarbage { resynchronisations &+= 1 }
        inGarbage = false
        drop(first + length + 3)
        missing = 0
        return true
      }
    }
    drop(start)
    missing = 0
    return false
  }

  /// Drops the oldest bytes.
  @_noLocks private mutating func drop(_ oldest: Int) {
    guard oldest > 0 else { return }
    var index = oldest
    while index < count {
      storage[index - oldest] = storage[index]
      index += 1
    }
    count -= oldest
  }
}
