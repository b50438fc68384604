/// Reads a file from front to back without its summary, checking every CRC it passes.
///
/// Works on files that were never finished. The first damage ends the reading with an error; ``MCAPRecovery`` reads on.
public struct MCAPStreamReader<Source: MCAPSource>: ~Copyable {
  /// Everything found so far besides messages.
  public private(set) var schemas: [UInt16: MCAPSchema] = [:]
  public private(set) var channels: [UInt16: MCAPChannel] = [:]
  public private(set) var metadata: [MCAPMetadata] = []
  /// Counted while reading, never taken from the file.
  public private(set) var statistics = MCAPStatistics()
  public private(set) var profile = ""
  public private(set) var library = ""
  /// Whether the data end record was reached; `false` for a file that was not finished.
  public private(set) var reachedEnd = false
  /// Offset of the next record.
  public private(set) var position = UInt64(8)
  var window: ReadWindow<Source>
  private let limits: MCAPLimits
  private let decoder: ChunkDecoder
  private var records: [UInt8] = []

  /// Checks the magic. Throws `.badMagic`, `.truncated` or `.system`.
  public init(_ source: Source, limits: MCAPLimits = MCAPLimits()) throws(MCAPError) {
    var window = ReadWindow(source)
    guard try window.hasMagic(at: 0) else { throw .badMagic(offset: 0) }
    let decoder = try ChunkDecoder(limits: limits)
    self.window = window
    self.limits = limits
    self.decoder = decoder
  }

  /// Gives every message of the data section, in file order, to `body`; throws what `body` throws, or the first damage.
  ///
  /// `onChunk` sees each chunk's uncompressed records before their messages.
  public mutating func forEachMessage(
    onChunk: (Span<UInt8>) -> Void = { _ in }, _ body: (MCAPMessage, Span<UInt8>) throws -> Void
  ) throws {
    while !reachedEnd, position < window.byteCount {
      let header = try window.header(at: position)
      try read(header, onChunk: onChunk, body)
      position = header.end
    }
  }

  private mutating func read(
    _ header: RecordHeader, onChunk: (Span<UInt8>) -> Void, _ body: (MCAPMessage, Span<UInt8>) throws -> Void
  ) throws {
    guard let opcode = Opcode(rawValue: header.opcode), opcode != .attachment else {
      if header.opcode == Opcode.attachment.rawValue { statistics.attachmentCount += 1 }
      if header.opcode == 0 { throw MCAPError.malformed(offset: header.offset, reason: "opcode 0") }
      return
    }
    let range = try window.content(of: header, limits: limits)
    let buffer = window.buffer
    let content = buffer.span.extracting(range)
    switch opcode {
    case .header:
      var at = ReadPosition(fileOffset: header.contentOffset)
      profile = try content.text(&at)
      library = try content.text(&at)
    case .schema: try declare(content.schema(at: header.contentOffset))
    case .channel: try declare(content.channel(at: header.contentOffset))
    case .message:
      let message = try content.message(at: header.contentOffset)
      try count(message, at: header.offset)
      try body(message, content.extracting(Framing.messageHeader..<content.count))
    case .chunk:
      _ = try decoder.decode(content, at: header.contentOffset, into: &records)
      let records = records
      onChunk(records.span)
      try readChunk(records, at: header.offset, body)
    case .metadata:
      metadata.append(try content.metadata(at: header.contentOffset))
      statistics.metadataCount += 1
    case .dataEnd: reachedEnd = true
    default: break
    }
  }

  private mutating func readChunk(
    _ records: [UInt8], at offset: UInt64, _ body: (MCAPMessage, Span<UInt8>) throws -> Void
  ) throws {
    statistics.chunkCount += 1
    var at = ReadPosition(fileOffset: offset)
    while let record = try records.span.chunkRecord(&at) {
      switch record {
      case .schema(let schema): try declare(schema)
      case .channel(let channel): try declare(channel)
      case .message(let message, let payload):
        try count(message, at: offset)
        try body(message, records.span.extracting(payload))
      case .other: break
      }
    }
  }

  private mutating func declare(_ schema: MCAPSchema) throws(MCAPError) {
    guard schemas[schema.id] == nil || schemas[schema.id] == schema else {
      throw .malformed(offset: position, reason: "schema \(schema.id) is declared twice, differently")
    }
    if schemas.updateValue(schema, forKey: schema.id) == nil { statistics.schemaCount += 1 }
  }

  private mutating func declare(_ channel: MCAPChannel) throws(MCAPError) {
    guard channels[channel.id] == nil || channels[channel.id] == channel else {
      throw .malformed(offset: position, reason: "channel \(channel.id) is declared twice, differently")
    }
    if channels.updateValue(channel, forKey: channel.id) == nil { statistics.channelCount += 1 }
  }

  private mutating func count(_ message: MCAPMessage, at offset: UInt64) throws(MCAPError) {
    guard channels[message.channelID] != nil else { throw .unknown(what: "channel", id: message.channelID) }
    statistics.count(message)
  }
}
