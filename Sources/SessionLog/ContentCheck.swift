import MCAP

/// A finished file held against itself, with its hashes.
struct ContentCheck {
  /// Over the uncompressed records of all chunks, in file order; independent of the compressor.
  let content: SHA256Digest
  /// Over the file's bytes.
  let file: SHA256Digest
  let records: UInt64
  let bytes: UInt64

  /// Throws `.container` with the first contradiction.
  init(path: String) throws {
    let source = try SessionFileSource.open(path)
    var hasher = try SHA256Hasher()
    var failure: SessionLogError?
    do {
      let summary = try MCAPVerification.run(
        source,
        onChunk: { records in
          do throws(SessionLogError) { try hasher.add(records) } catch { failure = error }
        })
      records = summary.statistics?.messageCount ?? 0
    } catch let error as MCAPError {
      throw SessionLogError.container(path: path, error)
    }
    if let failure { throw failure }
    content = try hasher.finish()
    bytes = source.byteCount
    file = try SHA256Digest.of(source)
  }
}

extension SHA256Digest {
  /// The digest of a whole file.
  public static func ofFile(_ path: String) throws -> SHA256Digest { try of(SessionFileSource.open(path)) }

  static func of(_ source: MCAPFile) throws -> SHA256Digest {
    var hasher = try SHA256Hasher()
    var buffer: [UInt8] = []
    var offset: UInt64 = 0
    while offset < source.byteCount {
      let end = min(source.byteCount, offset + 1 << 20)
      try source.read(offset..<end, into: &buffer)
      try hasher.add(buffer.span)
      offset = end
    }
    return try hasher.finish()
  }
}
