/// How the payloads of a channel are laid out: a name, an encoding (`protobuf`, `jsonschema`…) and the encoding's own data.
public struct MCAPSchema: Hashable, Sendable {
  /// From 1; 0 means "no schema".
  public var id: UInt16
  public var name: String
  public var encoding: String
  public var data: [UInt8]

  public init(id: UInt16, name: String, encoding: String, data: [UInt8]) {
    self.id = id
    self.name = name
    self.encoding = encoding
    self.data = data
  }
}

/// A stream of messages of one kind.
public struct MCAPChannel: Hashable, Sendable {
  public var id: UInt16
  /// 0 when its messages have no schema.
  public var schemaID: UInt16
  public var topic: String
  public var messageEncoding: String
  public var metadata: [String: String]

  public init(
    id: UInt16, schemaID: UInt16, topic: String, messageEncoding: String, metadata: [String: String] = [:]
  ) {
    self.id = id
    self.schemaID = schemaID
    self.topic = topic
    self.messageEncoding = messageEncoding
    self.metadata = metadata
  }
}

/// What is known of a message before its payload is read. Times are nanoseconds since 1970-01-01T00:00:00Z.
public struct MCAPMessage: Hashable, Sendable, BitwiseCopyable {
  public var channelID: UInt16
  public var sequence: UInt32
  public var logTime: UInt64
  public var publishTime: UInt64

  public init(channelID: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64) {
    self.channelID = channelID
    self.sequence = sequence
    self.logTime = logTime
    self.publishTime = publishTime
  }
}

/// Named key-value pairs that belong to the whole file.
public struct MCAPMetadata: Hashable, Sendable {
  public var name: String
  public var values: [String: String]

  public init(name: String, values: [String: String]) {
    self.name = name
    self.values = values
  }
}

/// Where a metadata record is and how long it is with its header, bytes.
public struct MCAPMetadataIndex: Hashable, Sendable {
  public var offset: UInt64
  public var length: UInt64
  public var name: String
}

/// Where a chunk is and what it holds. Offsets and lengths are bytes, times nanoseconds since 1970.
public struct MCAPChunkIndex: Hashable, Sendable {
  public var startTime: UInt64
  public var endTime: UInt64
  public var chunkOffset: UInt64
  /// The chunk record with its header.
  public var chunkLength: UInt64
  /// The offset of each channel's message index; empty when the file was written without.
  public var messageIndexOffsets: [UInt16: UInt64]
  public var messageIndexLength: UInt64
  public var compression: String
  public var compressedSize: UInt64
  public var uncompressedSize: UInt64
}

/// What the whole file holds. Times are those of the earliest and the latest message, 0 when there is none.
public struct MCAPStatistics: Hashable, Sendable {
  public var messageCount: UInt64 = 0
  public var schemaCount: UInt16 = 0
  public var channelCount: UInt32 = 0
  public var attachmentCount: UInt32 = 0
  public var metadataCount: UInt32 = 0
  public var chunkCount: UInt32 = 0
  public var messageStartTime: UInt64 = 0
  public var messageEndTime: UInt64 = 0
  public var channelMessageCounts: [UInt16: UInt64] = [:]

  public init() {}

  /// Counts one message.
  mutating func count(_ message: MCAPMessage) {
    if messageCount == 0 {
      messageStartTime = message.logTime
      messageEndTime = message.logTime
    } else {
      messageStartTime = min(messageStartTime, message.logTime)
      messageEndTime = max(messageEndTime, message.logTime)
    }
    messageCount += 1
    channelMessageCounts[message.channelID, default: 0] += 1
  }
}
