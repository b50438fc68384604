/// Reads whatever a torn or damaged file still holds: every complete chunk whose CRC is right, and nothing else.
///
/// Unlike ``MCAPStreamReader`` it never stops at damage: it looks for the next chunk that proves itself and says what it
/// passed over. Messages that stand outside chunks carry no checksum; they are kept only while the framing before them is
/// unbroken.
public struct MCAPRecovery<Source: MCAPSource>: ~Copyable {
  /// A stretch of the file that could not be used.
  public struct Skipped: Hashable, Sendable {
    public var offset: UInt64
    public var length: UInt64
    public var reason: String
  }

  /// The most stretches listed; more are only counted.
  public static var listedSkips: Int { 1_000 }

  public private(set) var schemas: [UInt16: MCAPSchema] = [:]
  public private(set) var channels: [UInt16: MCAPChannel] = [:]
  public private(set) var metadata: [MCAPMetadata] = []
  /// Counted while reading.
  public private(set) var statistics = MCAPStatistics()
  public private(set) var skipped: [Skipped] = []
  public private(set) var skippedCount = 0
  public private(set) var skippedBytes: UInt64 = 0
  /// Messages of channels that neither the file nor the caller declared.
  public private(set) var orphanedMessages: UInt64 = 0
  /// Whether the file was finished: its data end record is there.
  public private(set) var reachedEnd = false
  /// End of the last complete record; a writer that wants to append to the file would cut it here.
  public private(set) var soundLength: UInt64 = 0
  private var window: ReadWindow<Source>
  private let limits: MCAPLimits
  private let decoder: ChunkDecoder
  private var records: [UInt8] = []
  /// Where the next record is looked for.
  private var offset: UInt64
  private var isBroken = false

  /// `assuming` are channels the caller knows the file to have, should the chunk that declares them be lost. `start` is 0, or the
  /// ``soundLength`` of an earlier reading of a file that has grown since.
  public init(
    _ source: Source, assuming: [MCAPChannel] = [], from start: UInt64 = 0, limits: MCAPLimits = MCAPLimits()
  ) throws(MCAPError) {
    offset = start
    soundLength = start
    let decoder = try ChunkDecoder(limits: limits)
    window = ReadWindow(source)
    self.limits = limits
    self.decoder = decoder
    for channel in assuming { channels[channel.id] = channel }
  }

  /// Gives every message that can be trusted to `body`, in file order. Throws only what `body` throws, or `.system`.
  public mutating func forEachMessage(_ body: (MCAPMessage, Span<UInt8>) throws -> Void) throws {
    while try forNextRecord(body) {}
  }

  /// Gives the messages of the next record that can be trusted, which are none or all of a chunk; `false` at the end.
  public mutating func forNextRecord(_ body: (MCAPMessage, Span<UInt8>) throws -> Void) throws -> Bool {
    if offset == 0 { try begin() }
    guard offset < window.byteCount, !reachedEnd else { return false }
    do {
      let header = try window.header(at: offset)
      try prepare(header, isBroken: isBroken)
      try deliver(header, body)
      offset = header.end
      soundLength = offset
    } catch let error as MCAPError {
      try passOn(error)
      isBroken = true
      offset = try resynchronise(from: offset, after: error)
    }
    return true
  }

  private mutating func begin() throws(MCAPError) {
    do throws(MCAPError) {
      guard try window.hasMagic(at: 0) else { throw MCAPError.badMagic(offset: 0) }
      offset = UInt64(Framing.magic.count)
      soundLength = offset
    } catch {
      try passOn(error)
      isBroken = true
      if window.byteCount > 0 { offset = try resynchronise(from: 0, after: error) }
    }
  }

  /// A failing disk is not a damaged file: the caller must know the difference.
  private func passOn(_ error: MCAPError) throws(MCAPError) {
    if case .system = error { throw error }
  }

  /// Reads and proves a record without giving anything out.
  private mutating func prepare(_ header: RecordHeader, isBroken: Bool) throws(MCAPError) {
    guard let opcode = Opcode(rawValue: header.opcode) else {
      throw .malformed(offset: header.offset, reason: "unknown record type \(header.opcode)")
    }
    switch opcode {
    case .chunk:
      let range = try window.content(of: header, limits: limits)
      let buffer = window.buffer
      let content = buffer.span.extracting(range)
      let chunk = try decoder.decode(content, at: header.contentOffset, into: &records)
      try checkRecords(of: chunk, at: header.offset)
    case .message where isBroken:
      throw .malformed(offset: header.offset, reason: "a message without a checksum after damage")
    case .dataEnd where header.length < 4:
      throw .malformed(offset: header.offset, reason: "a data end without its checksum")
    default: break
    }
  }

  /// Proves that a chunk's records parse to the end, so that a chunk is kept whole or not at all.
  private func checkRecords(of chunk: ChunkHeader, at offset: UInt64) throws(MCAPError) {
    var at = ReadPosition(fileOffset: offset)
    while let record = try records.span.chunkRecord(&at) {
      guard case .message(let message, _) = record else { continue }
      // The chunk's own CRC does not cover its time bounds, so they are held against the messages.
      guard message.logTime >= chunk.startTime, message.logTime <= chunk.endTime else {
        throw .inconsistent(offset: offset, reason: "a message lies outside its chunk's time bounds")
      }
    }
  }

  private mutating func deliver(
    _ header: RecordHeader, _ body: (MCAPMessage, Span<UInt8>) throws -> Void
  ) throws {
    switch Opcode(rawValue: header.opcode) {
    case .chunk:
      statistics.chunkCount += 1
      let records = records
      var at = ReadPosition(fileOffset: header.offset)
      while let record = try records.span.chunkRecord(&at) {
        switch record {
        case .schema(let schema): declare(schema)
        case .channel(let channel): declare(channel)
        case .message(let message, let payload):
          try deliver(message, records.span.extracting(payload), body)
        case .other: break
        }
      }
    case .dataEnd: reachedEnd = true
    case .schema, .channel, .message, .metadata:
      let range = try window.content(of: header, limits: limits)
      let buffer = window.buffer
      let content = buffer.span.extracting(range)
      switch Opcode(rawValue: header.opcode) {
      case .schema: declare(try content.schema(at: header.contentOffset))
      case .channel: declare(try content.channel(at: header.contentOffset))
      case .message:
        let message = try content.message(at: header.contentOffset)
        try deliver(message, content.extracting(Framing.messageHeader..<content.count), body)
      default:
        metadata.append(try content.metadata(at: header.contentOffset))
        statistics.metadataCount += 1
      }
    default: break
    }
  }

  private mutating func deliver(
    _ message: MCAPMessage, _ payload: Span<UInt8>, _ body: (MCAPMessage, Span<UInt8>) throws -> Void
  ) throws {
    guard channels[message.channelID] != nil else {
      orphanedMessages += 1
      return
    }
    statistics.count(message)
    try body(message, payload)
  }

  private mutating func declare(_ schema: MCAPSchema) {
    if schemas.updateValue(schema, forKey: schema.id) == nil { statistics.schemaCount += 1 }
  }

  private mutating func declare(_ channel: MCAPChannel) {
    if channels.updateValue(channel, forKey: channel.id) == nil { statistics.channelCount += 1 }
  }

  /// The offset of the next chunk that proves itself, or the end of the file; notes what lies between.
  private mutating func resynchronise(from start: UInt64, after error: MCAPError) throws(MCAPError) -> UInt64
  {
    var offset = start + 1
    while offset < window.byteCount {
      if try isSoundChunk(at: offset) { break }
      offset += 1
    }
    let end = min(offset, window.byteCount)
    skippedCount += 1
    skippedBytes += end - start
    if skipped.count < Self.listedSkips {
      skipped.append(Skipped(offset: start, length: end - start, reason: error.description))
    }
    return end
  }

  private mutating func isSoundChunk(at offset: UInt64) throws(MCAPError) -> Bool {
    let smallest = UInt64(Framing.recordHeader + Framing.smallestChunk)
    guard window.byteCount - offset >= smallest else { return false }
    // Two cheap looks before the expensive one: the opcode, and the length's upper bytes, which no real chunk needs.
    let range = try window.fetch(offset, UInt64(Framing.recordHeader))
    guard window.buffer[range.lowerBound] == Opcode.chunk.rawValue, window.buffer[range.upperBound - 1] == 0
    else { return false }
    do {
      let header = try window.header(at: offset)
      try prepare(header, isBroken: true)
      return true
    } catch {
      try passOn(error)
      return false
    }
  }
}
