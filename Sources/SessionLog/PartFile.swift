import MCAP

/// The record while it is open: small chunks with a CRC each, appended whole.
struct PartFile: ~Copyable {
  let file: AppendFile
  private var writer: MCAPWriter
  /// Bytes handed to the kernel.
  private(set) var length: UInt64 = 0

  init(path: String) throws {
    var options = MCAPWriter.Options()
    options.profile = "stipple"
    options.library = "stipple"
    options.compression = .none
    options.messageIndexes = false
    options.summary = false
    options.chunkSize = .max
    var writer = try MCAPWriter(options)
    for channel in SessionChannel.allCases {
      try writer.add(channel.schema)
      try writer.add(channel.declaration)
    }
    file = try AppendFile(creating: path)
    self.writer = writer
  }

  mutating func add(_ message: MCAPMessage, _ payload: Span<UInt8>) throws {
    try writer.add(message) { bytes in unsafe payload.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
  }

  /// Uncompressed bytes not yet handed to the kernel.
  var pendingBytes: Int { writer.pendingBytes + writer.output.count }

  /// Ends the chunk and appends it. On an error nothing is lost: the same bytes are tried again by the next call.
  mutating func flush() throws {
    try writer.endChunk()
    guard !writer.output.isEmpty else { return }
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
