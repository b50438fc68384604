/// The records of the chunk being written, with its time bounds and message indexes.
public struct ChunkBuilder: Sendable {
  /// Uncompressed records, as they will stand in the chunk.
  public private(set) var records: [UInt8] = []
  /// Log time of the earliest message, 0 while there is none.
  public private(set) var startTime: UInt64 = 0
  public private(set) var endTime: UInt64 = 0
  private var messageCount = 0
  private var indexes: [Index] = []

  private struct Index: Sendable {
    let channelID: UInt16
    var isSorted = true
    var entries: [Entry] = []
  }

  private struct Entry: Sendable {
    let logTime: UInt64
    let offset: UInt64
  }

  mutating func append(_ schema: MCAPSchema) { records.append(schema: schema) }

  mutating func append(_ channel: MCAPChannel) { records.append(channel: channel) }

  mutating func append(_ message: MCAPMessage, indexed: Bool, payload: (inout [UInt8]) -> Void) {
    let offset = records.count
    records.append(messageHeader: message)
    payload(&records)
    records.closeRecord(offset + 1)
    if messageCount == 0 {
      startTime = message.logTime
      endTime = message.logTime
    } else {
      startTime = min(startTime, message.logTime)
      endTime = max(endTime, message.logTime)
    }
    messageCount += 1
    if indexed { index(message, at: UInt64(offset)) }
  }

  private mutating func index(_ message: MCAPMessage, at offset: UInt64) {
    // A session has about a dozen channels: a linear search over them is the fastest map there is.
    var slot = 0
    while slot < indexes.count, indexes[slot].channelID != message.channelID { slot += 1 }
    if slot == indexes.count { indexes.append(Index(channelID: message.channelID)) }
    if let last = indexes[slot].entries.last, last.logTime > message.logTime {
      indexes[slot].isSorted = false
    }
    indexes[slot].entries.append(Entry(logTime: message.logTime, offset: offset))
  }

  /// Writes one message index per channel that has messages; returns the offset of each in the file.
  mutating func writeIndexes(into output: inout [UInt8], at fileOffset: UInt64) -> [UInt16: UInt64] {
    var offsets: [UInt16: UInt64] = [:]
    let start = output.count
    for slot in indexes.indices where !indexes[slot].entries.isEmpty {
      // Messages of equal time keep the order they were written in.
      if !indexes[slot].isSorted {
        indexes[slot].entries.sort { ($0.logTime, $0.offset) < ($1.logTime, $1.offset) }
      }
      offsets[indexes[slot].channelID] = fileOffset + UInt64(output.count - start)
      let record = output.openRecord(.messageIndex)
      output.append(littleEndian: indexes[slot].channelID)
      output.append(littleEndian: UInt32(clamping: indexes[slot].entries.count * 16))
      for entry in indexes[slot].entries {
        output.append(littleEndian: entry.logTime)
        output.append(littleEndian: entry.offset)
      }
      output.closeRecord(record)
    }
    return offsets
  }

  /// Empties the chunk and keeps its memory for the next.
  mutating func reset() {
    records.removeAll(keepingCapacity: true)
    startTime = 0
    endTime = 0
    messageCount = 0
    for slot in indexes.indices {
      indexes[slot].entries.removeAll(keepingCapacity: true)
      indexes[slot].isSorted = true
    }
  }
}

extension [UInt8] {
  mutating func append(schema: MCAPSchema) {
    let record = openRecord(.schema)
    append(littleEndian: schema.id)
    append(text: schema.name)
    append(text: schema.encoding)
    append(littleEndian: UInt32(clamping: schema.data.count))
    append(contentsOf: schema.data)
    closeRecord(record)
  }

  mutating func append(channel: MCAPChannel) {
    let record = openRecord(.channel)
    append(littleEndian: channel.id)
    append(littleEndian: channel.schemaID)
    append(text: channel.topic)
    append(text: channel.messageEncoding)
    append(map: channel.metadata)
    closeRecord(record)
  }

  /// A message's record header, its length still 0, and its fixed fields: 31 bytes.
  @inline(__always)
  mutating func append(messageHeader message: MCAPMessage) {
    append(Opcode.message.rawValue)
    append(littleEndian: UInt64(0))
    append(littleEndian: message.channelID)
    append(littleEndian: message.sequence)
    append(littleEndian: message.logTime)
    append(littleEndian: message.publishTime)
  }
}
