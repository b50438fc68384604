/// Reads a finished file through its summary: chosen channels, a span of time, in order of log time.
public struct MCAPIndexedReader<Source: MCAPSource>: ~Copyable {
  public let summary: MCAPSummary
  private var window: ReadWindow<Source>
  private let limits: MCAPLimits
  private let decoder: ChunkDecoder

  /// Reads and checks the summary. Throws `.noSummary` for a file that was not finished.
  public init(_ source: Source, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) {
    var window = ReadWindow(source)
    let summary = try window.summary(limits: limits)
    let decoder = try ChunkDecoder(limits: limits)
    self.summary = summary
    self.window = window
    self.limits = limits
    self.decoder = decoder
  }

  /// A chunk in memory with its wanted messages in order of time.
  private struct LoadedChunk {
    let records: [UInt8]
    let entries: [Entry]
    var next = 0
    /// Log time of the next message; chunks without one are removed before it is asked for.
    var time: UInt64 { entries[next].message.logTime }
  }

  private struct Entry {
    let message: MCAPMessage
    let payload: Range<Int>
  }

  /// Gives messages in order of log time to `body`; messages of one time keep their order in the file.
  ///
  /// `channels` `nil` means all; `times` is half open, nanoseconds since 1970.
  public mutating func forEachMessage(
    channels: Set<UInt16>? = nil, times: Range<UInt64> = 0..<UInt64.max,
    _ body: (MCAPMessage, Span<UInt8>) throws -> Void
  ) throws {
    let wanted = summary.chunks.filter { chunk in
      guard chunk.endTime >= times.lowerBound, chunk.startTime < times.upperBound else { return false }
      guard let channels, !chunk.messageIndexOffsets.isEmpty else { return true }
      return chunk.messageIndexOffsets.keys.contains { channels.contains($0) }
    }.sorted { ($0.startTime, $0.chunkOffset) < ($1.startTime, $1.chunkOffset) }
    var loaded: [LoadedChunk] = []
    var nextChunk = 0
    while true {
      loaded.removeAll { $0.next == $0.entries.count }
      var best: Int?
      for index in loaded.indices where best.map({ loaded[index].time < loaded[$0].time }) ?? true {
        best = index
      }
      // A chunk that begins no later than the best message so far may hold an earlier one.
      if nextChunk < wanted.count, best.map({ wanted[nextChunk].startTime <= loaded[$0].time }) ?? true {
        guard loaded.count < limits.overlappingChunks else {
          throw MCAPError.tooLarge(
            offset: wanted[nextChunk].chunkOffset, what: "number of overlapping chunks",
            size: UInt64(loaded.count + 1), limit: UInt64(limits.overlappingChunks))
        }
        loaded.append(try load(wanted[nextChunk], channels: channels, times: times))
        nextChunk += 1
        continue
      }
      guard let best else { return }
      // Messages up to the next chunk's start, or the next loaded chunk's message, need no new comparison.
      let others = loaded.indices.filter { $0 != best }.map { loaded[$0].time }.min() ?? UInt64.max
      let bound = min(others, nextChunk < wanted.count ? wanted[nextChunk].startTime : UInt64.max)
      let records = loaded[best].records
      repeat {
        let entry = loaded[best].entries[loaded[best].next]
        try body(entry.message, records.span.extracting(entry.payload))
        loaded[best].next += 1
      } while loaded[best].next < loaded[best].entries.count && loaded[best].time < bound
    }
  }

  /// The first metadata record of a name; `nil` when there is none.
  public mutating func metadata(named name: String) throws(MCAPError) -> MCAPMetadata? {
    guard let index = summary.metadata.first(where: { $0.name == name }) else { return nil }
    let header = try window.header(at: index.offset)
    guard header.opcode == Opcode.metadata.rawValue else {
      throw .inconsistent(offset: index.offset, reason: "the metadata index points at another kind of record")
    }
    let range = try window.content(of: header, limits: limits)
    return try window.buffer.span.extracting(range).metadata(at: header.contentOffset)
  }

  private mutating func load(
    _ index: MCAPChunkIndex, channels: Set<UInt16>?, times: Range<UInt64>
  ) throws(MCAPError) -> LoadedChunk {
    let header = try window.header(at: index.chunkOffset)
    guard header.opcode == Opcode.chunk.rawValue else {
      throw .inconsistent(
        offset: index.chunkOffset, reason: "the chunk index points at another kind of record")
    }
    let range = try window.content(of: header, limits: limits)
    var records: [UInt8] = []
    _ = try decoder.decode(
      window.buffer.span.extracting(range), at: header.contentOffset, into: &records)
    var entries: [Entry] = []
    var isSorted = true
    var at = ReadPosition(fileOffset: index.chunkOffset)
    while let record = try records.span.chunkRecord(&at) {
      guard case .message(let message, let payload) = record, times.contains(message.logTime),
        channels?.contains(message.channelID) ?? true
      else { continue }
      guard summary.channels[message.channelID] != nil else {
        throw .unknown(what: "channel", id: message.channelID)
      }
      if let last = entries.last, last.message.logTime > message.logTime { isSorted = false }
      entries.append(Entry(message: message, payload: payload))
    }
    if !isSorted {
      entries.sort {
        ($0.message.logTime, $0.payload.lowerBound) < ($1.message.logTime, $1.payload.lowerBound)
      }
    }
    return LoadedChunk(records: records, entries: entries)
  }
}
