import MCAP

/// The finished file while it grows: zstd chunks with indexes, written as the session runs so that closing it is quick.
struct DraftFile: ~Copyable {
  let path: String
  private let file: AppendFile
  private var writer: MCAPWriter
  private var hasher: SHA256Hasher
  private var length: UInt64 = 0
  /// Uncompressed bytes per chunk: large enough to compress well, small enough to be read quickly by time.
  static var chunkBytes: Int { 512 << 10 }

  init(path: String) throws {
    var options = MCAPWriter.Options()
    options.profile = "stipple"
    options.library = "stipple"
    options.chunkSize = .max
    var writer = try MCAPWriter(options)
    let hasher = try SHA256Hasher()
    for channel in SessionChannel.allCases {
      try writer.add(channel.schema)
      try writer.add(channel.declaration)
    }
    file = try AppendFile(creating: path, replacing: true)
    self.path = path
    self.hasher = hasher
    self.writer = writer
  }

  mutating func add(_ message: MCAPMessage, _ payload: Span<UInt8>) throws {
    try writer.add(message) { bytes in unsafe payload.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    if writer.pendingBytes >= Self.chunkBytes { try endChunk() }
  }

  /// Ends the file and makes it durable; returns the hash over its records that its metadata states.
  mutating func finish(_ values: [String: String]) throws -> SHA256Digest {
    try endChunk()
    let content = try hasher.finish()
    var stated = values
    stated["content_sha256"] = content.description
    try writer.add(MCAPMetadata(name: SessionMetadata.name, values: stated))
    try writer.finish()
    try writeOut()
    try file.synchronise()
    return content
  }

  private mutating func endChunk() throws {
    var failure: SessionLogError?
    var hasher = try SHA256Hasher()
    swap(&hasher, &self.hasher)
    try writer.endChunk { records in
      do throws(SessionLogError) { try hasher.add(records) } catch { failure = error }
    }
    swap(&hasher, &self.hasher)
    if let failure { throw failure }
    try writeOut()
  }

  private mutating func writeOut() throws {
    let before = length
    let file = file
    var written: UInt64 = 0
    try writer.takeOutput { (bytes) throws(SessionLogError) in
      try file.append(bytes, after: before)
      written = UInt64(bytes.count)
    }
    length += written
  }
}
