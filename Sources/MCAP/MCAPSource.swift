/// Where a reader gets its bytes: a file, or an array in tests.
public protocol MCAPSource {
  /// How many bytes there are.
  var byteCount: UInt64 { get }

  /// Puts exactly the bytes of `range` into `buffer`, replacing what it held; throws `.truncated` or `.system`.
  mutating func read(_ range: Range<UInt64>, into buffer: inout [UInt8]) throws(MCAPError)
}

/// Bytes in memory.
public struct MCAPBytes: MCAPSource, Sendable {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public var byteCount: UInt64 { UInt64(bytes.count) }

  public func read(_ range: Range<UInt64>, into buffer: inout [UInt8]) throws(MCAPError) {
    guard range.upperBound <= byteCount else {
      throw .truncated(
        offset: range.lowerBound, needed: UInt64(range.count),
        available: byteCount - min(byteCount, range.lowerBound))
    }
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
  }
}
