/// What a reader accepts before it gives up, so that a hostile file cannot take the machine's memory.
public struct MCAPLimits: Hashable, Sendable {
  /// The largest record read into memory, bytes. Other writers make chunks of 1 to 4 MiB.
  public var recordBytes: UInt64 = 64 << 20
  /// The largest chunk after decompression, bytes.
  public var chunkBytes: UInt64 = 64 << 20
  /// The most chunks whose times overlap and that are held at once when reading in order.
  public var overlappingChunks = 64

  public init() {}
}
