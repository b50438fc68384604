/// Holds a finished file against itself: every CRC, every count, every index entry.
public enum MCAPVerification {
  /// Throws the first contradiction; returns the file's summary when there is none. `onMessage` sees every message in file
  /// order, `onChunk` each chunk's uncompressed records.
  @discardableResult
  public static func run<Source: MCAPSource>(
    _ source: Source, limits: MCAPLimits = MCAPLimits(), onChunk: (Span<UInt8>) -> Void = { _ in },
    _ onMessage: (MCAPMessage, Span<UInt8>) throws -> Void = { _, _ in }
  ) throws -> MCAPSummary {
    var window = ReadWindow(source)
    let summary = try window.summary(limits: limits)
    var reader = try MCAPStreamReader(source, limits: limits)
    try reader.forEachMessage(onChunk: onChunk, onMessage)
    guard reader.reachedEnd else {
      throw MCAPError.inconsistent(offset: reader.position, reason: "no data end record")
    }
    if let claimed = summary.statistics, claimed != reader.statistics {
      throw MCAPError.inconsistent(
        offset: summary.start,
        reason:
          "the statistics say \(claimed.messageCount) messages in \(claimed.chunkCount) chunks, the file has "
          + "\(reader.statistics.messageCount) in \(reader.statistics.chunkCount), or their channels or times differ"
      )
    }
    guard summary.schemas == reader.schemas, summary.channels == reader.channels else {
      throw MCAPError.inconsistent(
        offset: summary.start, reason: "the summary's schemas or channels differ from the data's")
    }
    guard summary.chunks.count == Int(reader.statistics.chunkCount) else {
      throw MCAPError.inconsistent(offset: summary.start, reason: "a chunk is missing from the index")
    }
    try checkData(&window, dataEnd: reader.position)
    var decoder = try IndexChecker(limits: limits)
    for chunk in summary.chunks { try decoder.check(chunk, in: &window) }
    return summary
  }

  /// The CRC over everything before the data end record. `dataEnd` is the offset just after that record.
  private static func checkData<Source: MCAPSource>(
    _ window: inout ReadWindow<Source>, dataEnd: UInt64
  ) throws(MCAPError) {
    let recordLength = UInt64(Framing.recordHeader + 4)
    let end = dataEnd - recordLength
    let fields = try window.fetch(end + UInt64(Framing.recordHeader), 4)
    var position = ReadPosition(fields.lowerBound, fileOffset: 0)
    let stored: UInt32 = try window.buffer.span.integer(&position)
    guard stored != 0 else { return }
    var checksum = CRC32()
    var offset: UInt64 = 0
    while offset < end {
      let range = try window.fetch(offset, min(256 << 10, end - offset))
      checksum.add(window.buffer.span.extracting(range))
      offset += UInt64(range.count)
    }
    guard checksum.value == stored else {
      throw .badChecksum(offset: 0, of: "the data section", stored: stored, computed: checksum.value)
    }
  }
}

/// Compares a chunk's index records with the messages the chunk really holds.
private struct IndexChecker: ~Copyable {
  private let decoder: ChunkDecoder
  private let limits: MCAPLimits
  private var records: [UInt8] = []

  init(limits: MCAPLimits) throws(MCAPError) {
    decoder = try ChunkDecoder(limits: limits)
    self.limits = limits
  }

  mutating func check<Source: MCAPSource>(
    _ index: MCAPChunkIndex, in window: inout ReadWindow<Source>
  ) throws(MCAPError) {
    let header = try window.header(at: index.chunkOffset)
    guard header.opcode == Opcode.chunk.rawValue, header.end - header.offset == index.chunkLength else {
      throw .inconsistent(offset: index.chunkOffset, reason: "a chunk index does not match its chunk")
    }
    let range = try window.content(of: header, limits: limits)
    let chunk = try decoder.decode(
      window.buffer.span.extracting(range), at: header.contentOffset, into: &records)
    guard chunk.startTime == index.startTime, chunk.endTime == index.endTime,
      chunk.uncompressedSize == index.uncompressedSize, chunk.compression == index.compression,
      UInt64(chunk.records.count) == index.compressedSize
    else { throw .inconsistent(offset: index.chunkOffset, reason: "a chunk index does not match its chunk") }
    for (channel, offset) in index.messageIndexOffsets {
      try checkEntries(channel, at: offset, chunk: index.chunkOffset, in: &window)
    }
  }

  private func checkEntries<Source: MCAPSource>(
    _ channel: UInt16, at offset: UInt64, chunk: UInt64, in window: inout ReadWindow<Source>
  ) throws(MCAPError) {
    let header = try window.header(at: offset)
    guard header.opcode == Opcode.messageIndex.rawValue else {
      throw .inconsistent(offset: offset, reason: "a chunk index points at a record that is no message index")
    }
    let range = try window.content(of: header, limits: limits)
    let content = window.buffer.span.extracting(range)
    var position = ReadPosition(fileOffset: header.contentOffset)
    let stored: UInt16 = try content.integer(&position)
    let block = try content.block(&position)
    guard stored == channel, block.count % 16 == 0 else {
      throw .inconsistent(offset: offset, reason: "a message index of another channel or an odd length")
    }
    position.at = block.lowerBound
    let bytes = records.span
    while position.at < block.upperBound {
      let logTime: UInt64 = try content.integer(&position)
      let recordOffset: UInt64 = try content.integer(&position)
      guard recordOffset < UInt64(bytes.count) else {
        throw .inconsistent(offset: offset, reason: "a message index points outside its chunk")
      }
      var at = ReadPosition(Int(recordOffset), fileOffset: chunk)
      guard case .message(let message, _) = try bytes.chunkRecord(&at), message.logTime == logTime,
        message.channelID == channel
      else { throw .inconsistent(offset: offset, reason: "a message index points at another message") }
    }
  }
}
