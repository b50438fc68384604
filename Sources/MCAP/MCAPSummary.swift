/// What a finished file says of itself in its summary section.
public struct MCAPSummary: Hashable, Sendable {
  public internal(set) var schemas: [UInt16: MCAPSchema] = [:]
  public internal(set) var channels: [UInt16: MCAPChannel] = [:]
  /// `nil` when the writer left it out.
  public internal(set) var statistics: MCAPStatistics?
  /// In file order.
  public internal(set) var chunks: [MCAPChunkIndex] = []
  public internal(set) var metadata: [MCAPMetadataIndex] = []
  /// Offset of the summary's first byte.
  public internal(set) var start: UInt64 = 0
  /// Where each kind of record lies in the summary, by opcode.
  public internal(set) var groups: [UInt8: Range<UInt64>] = [:]
}

extension ReadWindow {
  /// Reads footer and summary from the end of the file and checks their CRC.
  mutating func summary(limits: MCAPLimits) throws(MCAPError) -> MCAPSummary {
    let magic = UInt64(Framing.magic.count)
    guard byteCount >= 2 * magic + UInt64(Framing.footer) else { throw .noSummary }
    guard try hasMagic(at: 0) else { throw .badMagic(offset: 0) }
    guard try hasMagic(at: byteCount - magic) else { throw .noSummary }
    let footerOffset = byteCount - magic - UInt64(Framing.footer)
    let footer = try header(at: footerOffset)
    guard footer.opcode == Opcode.footer.rawValue, footer.length == 20 else {
      throw .malformed(offset: footerOffset, reason: "no footer record before the closing magic")
    }
    let fields = try fetch(footer.contentOffset, footer.length)
    var position = ReadPosition(fileOffset: footer.contentOffset)
    let bytes = buffer
    let content = bytes.span.extracting(fields)
    let start: UInt64 = try content.integer(&position)
    let offsetStart: UInt64 = try content.integer(&position)
    let stored: UInt32 = try content.integer(&position)
    guard start != 0 else { throw .noSummary }
    guard start >= magic, start <= footerOffset,
      offsetStart == 0 || (start...footerOffset).contains(offsetStart)
    else {
      throw .malformed(offset: footerOffset, reason: "the footer points outside the file")
    }
    try checkSummary(start: start, footer: footerOffset, stored: stored, limits: limits)
    return try summaryRecords(start: start, end: footerOffset, limits: limits)
  }

  private mutating func checkSummary(
    start: UInt64, footer: UInt64, stored: UInt32, limits: MCAPLimits
  ) throws(MCAPError) {
    guard stored != 0 else { return }
    // The checksum covers the summary and the footer up to the checksum itself.
    let length = footer + UInt64(Framing.footer) - 4 - start
    guard length <= limits.recordBytes else {
      throw .tooLarge(offset: start, what: "summary", size: length, limit: limits.recordBytes)
    }
    let range = try fetch(start, length)
    let computed = CRC32.of(buffer.span.extracting(range))
    guard computed == stored else {
      throw .badChecksum(offset: start, of: "the summary", stored: stored, computed: computed)
    }
  }

  private mutating func summaryRecords(
    start: UInt64, end: UInt64, limits: MCAPLimits
  ) throws(MCAPError) -> MCAPSummary {
    var summary = MCAPSummary()
    summary.start = start
    var offset = start
    while offset < end {
      let record = try header(at: offset)
      guard record.end <= end else {
        throw .malformed(offset: offset, reason: "a summary record reaches into the footer")
      }
      let range = try content(of: record, limits: limits)
      let held = buffer
      let bytes = held.span.extracting(range)
      let at = record.contentOffset
      switch Opcode(rawValue: record.opcode) {
      case .schema:
        let schema = try bytes.schema(at: at)
        summary.schemas[schema.id] = schema
      case .channel:
        let channel = try bytes.channel(at: at)
        summary.channels[channel.id] = channel
      case .statistics: summary.statistics = try bytes.statistics(at: at)
      case .chunkIndex: summary.chunks.append(try bytes.chunkIndex(at: at))
      case .metadataIndex: summary.metadata.append(try bytes.metadataIndex(at: at))
      case .summaryOffset:
        var position = ReadPosition(fileOffset: at)
        let opcode: UInt8 = try bytes.integer(&position)
        let groupStart: UInt64 = try bytes.integer(&position)
        let length: UInt64 = try bytes.integer(&position)
        guard groupStart >= start, groupStart <= end, length <= end - groupStart else {
          throw .malformed(offset: offset, reason: "a summary offset points outside the summary")
        }
        summary.groups[opcode] = groupStart..<(groupStart + length)
      default: break
      }
      offset = record.end
    }
    return summary
  }
}
