/// The summary section, its offsets and the footer.
struct SummaryBuilder {
  /// Offset of the section's first byte in the file.
  let start: UInt64
  let schemas: [MCAPSchema]
  let channels: [MCAPChannel]
  let statistics: MCAPStatistics
  let chunkIndexes: [MCAPChunkIndex]
  let metadataIndexes: [MCAPMetadataIndex]

  private struct Group {
    let opcode: Opcode
    let start: UInt64
    let length: UInt64
  }

  /// Appends everything from the first summary record to the end of the footer record.
  func write(into output: inout [UInt8]) {
    let base = output.count
    var groups: [Group] = []
    func group(_ opcode: Opcode, _ body: (inout [UInt8]) -> Void) {
      let from = output.count
      body(&output)
      guard output.count > from else { return }
      groups.append(
        Group(opcode: opcode, start: start + UInt64(from - base), length: UInt64(output.count - from)))
    }
    group(.schema) { bytes in for schema in schemas { bytes.append(schema: schema) } }
    group(.channel) { bytes in for channel in channels { bytes.append(channel: channel) } }
    group(.statistics) { bytes in Self.append(statistics, to: &bytes) }
    group(.chunkIndex) { bytes in for index in chunkIndexes { Self.append(index, to: &bytes) } }
    group(.metadataIndex) { bytes in for index in metadataIndexes { Self.append(index, to: &bytes) } }
    let offsetStart = start + UInt64(output.count - base)
    for entry in groups {
      let record = output.openRecord(.summaryOffset)
      output.append(entry.opcode.rawValue)
      output.append(littleEndian: entry.start)
      output.append(littleEndian: entry.length)
      output.closeRecord(record)
    }
    output.append(Opcode.footer.rawValue)
    output.append(littleEndian: UInt64(Framing.footer - Framing.recordHeader))
    output.append(littleEndian: start)
    output.append(littleEndian: offsetStart)
    // The checksum covers the summary and the footer up to here.
    output.append(littleEndian: CRC32.of(output.span.extracting(base..<output.count)))
  }

  /// The footer of a file that has no summary.
  static func writeEmptyFooter(into output: inout [UInt8]) {
    output.append(Opcode.footer.rawValue)
    output.append(littleEndian: UInt64(Framing.footer - Framing.recordHeader))
    output.append(contentsOf: repeatElement(0, count: Framing.footer - Framing.recordHeader))
  }

  private static func append(_ statistics: MCAPStatistics, to output: inout [UInt8]) {
    let record = output.openRecord(.statistics)
    output.append(littleEndian: statistics.messageCount)
    output.append(littleEndian: statistics.schemaCount)
    output.append(littleEndian: statistics.channelCount)
    output.append(littleEndian: statistics.attachmentCount)
    output.append(littleEndian: statistics.metadataCount)
    output.append(littleEndian: statistics.chunkCount)
    output.append(littleEndian: statistics.messageStartTime)
    output.append(littleEndian: statistics.messageEndTime)
    output.append(littleEndian: UInt32(clamping: statistics.channelMessageCounts.count * 10))
    for (channel, count) in statistics.channelMessageCounts.sorted(by: { $0.key < $1.key }) {
      output.append(littleEndian: channel)
      output.append(littleEndian: count)
    }
    output.closeRecord(record)
  }

  private static func append(_ index: MCAPChunkIndex, to output: inout [UInt8]) {
    let record = output.openRecord(.chunkIndex)
    output.append(littleEndian: index.startTime)
    output.append(littleEndian: index.endTime)
    output.append(littleEndian: index.chunkOffset)
    output.append(littleEndian: index.chunkLength)
    output.append(littleEndian: UInt32(clamping: index.messageIndexOffsets.count * 10))
    for (channel, offset) in index.messageIndexOffsets.sorted(by: { $0.key < $1.key }) {
      output.append(littleEndian: channel)
      output.append(littleEndian: offset)
    }
    output.append(littleEndian: index.messageIndexLength)
    output.append(text: index.compression)
    output.append(littleEndian: index.compressedSize)
    output.append(littleEndian: index.uncompressedSize)
    output.closeRecord(record)
  }

  private static func append(_ index: MCAPMetadataIndex, to output: inout [UInt8]) {
    let record = output.openRecord(.metadataIndex)
    output.append(littleEndian: index.offset)
    output.append(littleEndian: index.length)
    output.append(text: index.name)
    output.closeRecord(record)
  }
}
