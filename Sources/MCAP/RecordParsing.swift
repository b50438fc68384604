// The fields of each record, read from its content. Bytes after the known fields are allowed: the format may grow.

extension Span<UInt8> {
  func schema(at fileOffset: UInt64) throws(MCAPError) -> MCAPSchema {
    var position = ReadPosition(fileOffset: fileOffset)
    let id: UInt16 = try integer(&position)
    let name = try text(&position)
    let encoding = try text(&position)
    let data = array(try block(&position))
    guard id != 0 else { throw .malformed(offset: fileOffset, reason: "schema 0") }
    return MCAPSchema(id: id, name: name, encoding: encoding, data: data)
  }

  func channel(at fileOffset: UInt64) throws(MCAPError) -> MCAPChannel {
    var position = ReadPosition(fileOffset: fileOffset)
    let id: UInt16 = try integer(&position)
    let schemaID: UInt16 = try integer(&position)
    let topic = try text(&position)
    let encoding = try text(&position)
    return MCAPChannel(
      id: id, schemaID: schemaID, topic: topic, messageEncoding: encoding, metadata: try map(&position))
  }

  /// The fixed fields of a message; the payload is everything after ``Framing/messageHeader``.
  @inline(__always)
  func message(at fileOffset: UInt64) throws(MCAPError) -> MCAPMessage {
    var position = ReadPosition(fileOffset: fileOffset)
    let channelID: UInt16 = try integer(&position)
    let sequence: UInt32 = try integer(&position)
    let logTime: UInt64 = try integer(&position)
    return MCAPMessage(
      channelID: channelID, sequence: sequence, logTime: logTime, publishTime: try integer(&position))
  }

  func metadata(at fileOffset: UInt64) throws(MCAPError) -> MCAPMetadata {
    var position = ReadPosition(fileOffset: fileOffset)
    let name = try text(&position)
    return MCAPMetadata(name: name, values: try map(&position))
  }

  func metadataIndex(at fileOffset: UInt64) throws(MCAPError) -> MCAPMetadataIndex {
    var position = ReadPosition(fileOffset: fileOffset)
    let offset: UInt64 = try integer(&position)
    let length: UInt64 = try integer(&position)
    return MCAPMetadataIndex(offset: offset, length: length, name: try text(&position))
  }

  func chunkIndex(at fileOffset: UInt64) throws(MCAPError) -> MCAPChunkIndex {
    var position = ReadPosition(fileOffset: fileOffset)
    let startTime: UInt64 = try integer(&position)
    let endTime: UInt64 = try integer(&position)
    let chunkOffset: UInt64 = try integer(&position)
    let chunkLength: UInt64 = try integer(&position)
    let offsets = try counts(&position)
    let indexLength: UInt64 = try integer(&position)
    let compression = try text(&position)
    let compressedSize: UInt64 = try integer(&position)
    return MCAPChunkIndex(
      startTime: startTime, endTime: endTime, chunkOffset: chunkOffset, chunkLength: chunkLength,
      messageIndexOffsets: offsets, messageIndexLength: indexLength, compression: compression,
      compressedSize: compressedSize, uncompressedSize: try integer(&position))
  }

  func statistics(at fileOffset: UInt64) throws(MCAPError) -> MCAPStatistics {
    var position = ReadPosition(fileOffset: fileOffset)
    var statistics = MCAPStatistics()
    statistics.messageCount = try integer(&position)
    statistics.schemaCount = try integer(&position)
    statistics.channelCount = try integer(&position)
    statistics.attachmentCount = try integer(&position)
    statistics.metadataCount = try integer(&position)
    statistics.chunkCount = try integer(&position)
    statistics.messageStartTime = try integer(&position)
    statistics.messageEndTime = try integer(&position)
    statistics.channelMessageCounts = try counts(&position)
    return statistics
  }

  /// A map from channel to a 64-bit number, as chunk indexes and statistics hold it.
  private func counts(_ position: inout ReadPosition) throws(MCAPError) -> [UInt16: UInt64] {
    let range = try block(&position)
    var inner = ReadPosition(range.lowerBound, fileOffset: position.fileOffset)
    let bytes = extracting(0..<range.upperBound)
    var counts: [UInt16: UInt64] = [:]
    while inner.at < range.upperBound {
      let channel: UInt16 = try bytes.integer(&inner)
      counts[channel] = try bytes.integer(&inner)
    }
    return counts
  }
}
