/// Writes an MCAP file as a value: bytes collect in ``output`` and the caller puts them where it wants.
///
/// Nothing here touches a file or a clock. Messages gather in a chunk until ``endChunk(inspect:)``, or until the chunk has
/// reached the size in the options; a chunk is compressed, checksummed and followed by its message indexes. ``finish()``
/// writes statistics, indexes, summary and footer.
public struct MCAPWriter: ~Copyable, Sendable {
  public struct Options: Hashable, Sendable {
    /// `""`, or a well-known profile of the format's registry.
    public var profile = ""
    /// Who wrote the file, free text.
    public var library = ""
    public var compression = MCAPCompression.zstd(level: 3)
    /// Bytes of uncompressed records after which a chunk is ended by itself; 1 MiB is what other writers use.
    public var chunkSize = 1 << 20
    /// One 16-byte entry per message. Foxglove and other seeking readers need them.
    public var messageIndexes = true
    /// Whether ``finish()`` writes a summary. Without, a file can grow for ever and the writer's memory does not.
    public var summary = true

    public init() {}
  }

  public let options: Options
  /// Bytes written but not yet taken; empty it with ``takeOutput(_:)``.
  public private(set) var output: [UInt8] = []
  /// Bytes written since the file began, taken or not.
  public private(set) var position: UInt64 = 0
  public private(set) var statistics = MCAPStatistics()
  public private(set) var chunk = ChunkBuilder()
  var schemas: [MCAPSchema] = []
  var channels: [MCAPChannel] = []
  var declared: Set<UInt16> = []
  var chunkIndexes: [MCAPChunkIndex] = []
  var metadataIndexes: [MCAPMetadataIndex] = []
  private var dataChecksum = CRC32()
  private var finished = false
  private let compressor: ZstdCompressor

  /// Starts a file: magic and header. Throws `.compression` when zstd cannot get its memory.
  public init(_ options: Options = Options()) throws(MCAPError) {
    self.options = options
    guard let compressor = ZstdCompressor() else {
      throw .compression(offset: 0, reason: "no memory for zstd")
    }
    self.compressor = compressor
    output.append(contentsOf: Framing.magic)
    let header = output.openRecord(.header)
    output.append(text: options.profile)
    output.append(text: options.library)
    output.closeRecord(header)
    commit(from: 0)
  }

  /// Uncompressed bytes waiting in the open chunk.
  public var pendingBytes: Int { chunk.records.count }

  /// Hands over what was written since the last call and forgets it. When `body` throws, nothing is forgotten.
  public mutating func takeOutput<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void)
    throws(Failure)
  {
    try body(output.span)
    output.removeAll(keepingCapacity: true)
  }

  /// Declares a schema; identifiers are chosen by the caller so that they can be the same in every file. 0 is refused.
  public mutating func add(_ schema: MCAPSchema) throws(MCAPError) {
    guard !finished, schema.id != 0, !schemas.contains(where: { $0.id == schema.id }) else {
      throw .refused(reason: "schema \(schema.id) is 0, already there, or the file is finished")
    }
    schemas.append(schema)
    statistics.schemaCount += 1
    chunk.append(schema)
  }

  /// Declares a channel whose schema, if any, was declared before.
  public mutating func add(_ channel: MCAPChannel) throws(MCAPError) {
    guard !finished, !declared.contains(channel.id) else {
      throw .refused(reason: "channel \(channel.id) is already there, or the file is finished")
    }
    guard channel.schemaID == 0 || schemas.contains(where: { $0.id == channel.schemaID }) else {
      throw .unknown(what: "schema", id: channel.schemaID)
    }
    channels.append(channel)
    declared.insert(channel.id)
    statistics.channelCount += 1
    chunk.append(channel)
  }

  /// Adds a message whose payload `payload` appends; it must not remove or change what is there.
  public mutating func add(_ message: MCAPMessage, payload: (inout [UInt8]) -> Void) throws(MCAPError) {
    guard !finished else { throw .refused(reason: "the file is finished") }
    guard declared.contains(message.channelID) else { throw .unknown(what: "channel", id: message.channelID) }
    chunk.append(message, indexed: options.messageIndexes, payload: payload)
    statistics.count(message)
    if chunk.records.count >= options.chunkSize { try endChunk() }
  }

  /// Ends the open chunk; does nothing when it is empty. `inspect` sees the uncompressed records first.
  public mutating func endChunk(inspect: (Span<UInt8>) -> Void = { _ in }) throws(MCAPError) {
    guard !chunk.records.isEmpty else { return }
    inspect(chunk.records.span)
    let start = output.count
    let chunkOffset = position
    let compressed = try writeChunk()
    let chunkLength = UInt64(output.count - start)
    let indexOffset = chunkOffset + chunkLength
    let offsets = chunk.writeIndexes(into: &output, at: indexOffset)
    let index = MCAPChunkIndex(
      startTime: chunk.startTime, endTime: chunk.endTime, chunkOffset: chunkOffset, chunkLength: chunkLength,
      messageIndexOffsets: offsets, messageIndexLength: UInt64(output.count - start) - chunkLength,
      compression: options.compression.name, compressedSize: UInt64(compressed),
      uncompressedSize: UInt64(chunk.records.count))
    if options.summary { chunkIndexes.append(index) }
    statistics.chunkCount += 1
    chunk.reset()
    commit(from: start)
  }

  /// Adds named values for the whole file; ends the open chunk first, because metadata may not stand inside one.
  public mutating func add(_ metadata: MCAPMetadata) throws(MCAPError) {
    guard !finished else { throw .refused(reason: "the file is finished") }
    try endChunk()
    let start = output.count
    let record = output.openRecord(.metadata)
    output.append(text: metadata.name)
    output.append(map: metadata.values)
    output.closeRecord(record)
    metadataIndexes.append(
      MCAPMetadataIndex(offset: position, length: UInt64(output.count - start), name: metadata.name))
    statistics.metadataCount += 1
    commit(from: start)
  }

  /// Ends the file: last chunk, data end, summary, summary offsets, footer, magic.
  public mutating func finish() throws(MCAPError) {
    guard !finished else { throw .refused(reason: "the file is finished already") }
    try endChunk()
    finished = true
    let start = output.count
    let dataEnd = output.openRecord(.dataEnd)
    output.append(littleEndian: dataChecksum.value)
    output.closeRecord(dataEnd)
    let summaryStart = position + UInt64(output.count - start)
    let summary = SummaryBuilder(
      start: summaryStart, schemas: schemas, channels: channels, statistics: statistics,
      chunkIndexes: chunkIndexes, metadataIndexes: metadataIndexes)
    if options.summary {
      summary.write(into: &output)
    } else {
      SummaryBuilder.writeEmptyFooter(into: &output)
    }
    output.append(contentsOf: Framing.magic)
    position += UInt64(output.count - start)
  }

  private mutating func writeChunk() throws(MCAPError) -> Int {
    let record = output.openRecord(.chunk)
    output.append(littleEndian: chunk.startTime)
    output.append(littleEndian: chunk.endTime)
    output.append(littleEndian: UInt64(chunk.records.count))
    output.append(littleEndian: CRC32.of(chunk.records.span))
    output.append(text: options.compression.name)
    let lengthAt = output.count
    output.append(littleEndian: UInt64(0))
    let size: Int
    if case .zstd(let level) = options.compression {
      let records = chunk.records
      size = try compressor.compress(records.span, level: level, into: &output)
    } else {
      output.append(contentsOf: chunk.records)
      size = chunk.records.count
    }
    output.replace(at: lengthAt, with: UInt64(size))
    output.closeRecord(record)
    return size
  }

  /// Counts and checksums what was appended since `start`.
  private mutating func commit(from start: Int) {
    let written = output
    dataChecksum.add(written.span.extracting(start..<written.count))
    position += UInt64(output.count - start)
  }
}
