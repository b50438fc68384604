/// A chunk's fields before its records.
struct ChunkHeader {
  let startTime: UInt64
  let endTime: UInt64
  let uncompressedSize: UInt64
  let uncompressedChecksum: UInt32
  let compression: String
  /// Where the stored records are in the chunk's content.
  let records: Range<Int>
}

extension Span<UInt8> {
  func chunkHeader(at fileOffset: UInt64) throws(MCAPError) -> ChunkHeader {
    var position = ReadPosition(fileOffset: fileOffset)
    let startTime: UInt64 = try integer(&position)
    let endTime: UInt64 = try integer(&position)
    let uncompressedSize: UInt64 = try integer(&position)
    let checksum: UInt32 = try integer(&position)
    let compression = try text(&position)
    return ChunkHeader(
      startTime: startTime, endTime: endTime, uncompressedSize: uncompressedSize,
      uncompressedChecksum: checksum,
      compression: compression, records: try longBlock(&position))
  }
}

/// Turns a chunk's content into its uncompressed, checked records. One scratch buffer serves all chunks.
struct ChunkDecoder: ~Copyable {
  private let decompressor: ZstdDecompressor
  private let limits: MCAPLimits

  init(limits: MCAPLimits) throws(MCAPError) {
    guard let decompressor = ZstdDecompressor() else {
      throw .compression(offset: 0, reason: "no memory for zstd")
    }
    self.decompressor = decompressor
    self.limits = limits
  }

  /// Replaces `records` with the chunk's records. `content` starts at `fileOffset`.
  func decode(_ content: Span<UInt8>, at fileOffset: UInt64, into records: inout [UInt8]) throws(MCAPError)
    -> ChunkHeader
  {
    let header = try content.chunkHeader(at: fileOffset)
    guard header.uncompressedSize <= limits.chunkBytes else {
      throw .tooLarge(
        offset: fileOffset, what: "uncompressed chunk", size: header.uncompressedSize,
        limit: limits.chunkBytes)
    }
    let stored = content.extracting(header.records)
    switch header.compression {
    case "":
      guard UInt64(stored.count) == header.uncompressedSize else {
        throw .malformed(offset: fileOffset, reason: "an uncompressed chunk whose two sizes differ")
      }
      records.removeAll(keepingCapacity: true)
      unsafe stored.withUnsafeBytes { unsafe records.append(contentsOf: $0) }
    case "zstd":
      try decompressor.decompress(
        stored, size: Int(header.uncompressedSize), offset: fileOffset, into: &records)
    default:
      throw .unsupportedCompression(offset: fileOffset, name: String(header.compression.prefix(32)))
    }
    // A stored checksum of 0 means that the writer made none.
    let computed = header.uncompressedChecksum == 0 ? 0 : CRC32.of(records.span)
    guard computed == header.uncompressedChecksum else {
      throw .badChecksum(
        offset: fileOffset, of: "a chunk", stored: header.uncompressedChecksum, computed: computed)
    }
    return header
  }
}
