/// Why an MCAP file could not be read or written. Offsets are bytes from the start of the file.
public enum MCAPError: Error, Hashable, Sendable {
  /// The file ends before what was promised: `needed` bytes at `offset`, and it has only `available`.
  case truncated(offset: UInt64, needed: UInt64, available: UInt64)
  /// The eight magic bytes are missing at `offset`.
  case badMagic(offset: UInt64)
  /// A record that cannot mean anything.
  case malformed(offset: UInt64, reason: String)
  /// Stored and computed CRC-32 differ.
  case badChecksum(offset: UInt64, of: String, stored: UInt32, computed: UInt32)
  /// A chunk compressed in a way this reader does not know.
  case unsupportedCompression(offset: UInt64, name: String)
  /// The compressor or decompressor refused.
  case compression(offset: UInt64, reason: String)
  /// Larger than this reader was told to accept.
  case tooLarge(offset: UInt64, what: String, size: UInt64, limit: UInt64)
  /// The file has no summary, so it cannot be read by index; read it in order instead.
  case noSummary
  /// What the file says of itself and what it holds differ.
  case inconsistent(offset: UInt64, reason: String)
  /// A message, schema or channel refers to something that was not declared.
  case unknown(what: String, id: UInt16)
  /// No identifier is left, a name is too long, or a call came in the wrong order.
  case refused(reason: String)
  /// The system refused; `code` is errno.
  case system(operation: String, path: String, code: Int32)
}

extension MCAPError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated(let offset, let needed, let available):
      "file ends early: \(needed) bytes needed at offset \(offset), \(available) there"
    case .badMagic(let offset): "not an MCAP file: magic bytes missing at offset \(offset)"
    case .malformed(let offset, let reason): "malformed record at offset \(offset): \(reason)"
    case .badChecksum(let offset, let what, let stored, let computed):
      "checksum of \(what) at offset \(offset) is \(computed), the file says \(stored): the bytes were changed"
    case .unsupportedCompression(let offset, let name):
      "chunk at offset \(offset) is compressed with '\(name)', which is not known here"
    case .compression(let offset, let reason): "compression failed at offset \(offset): \(reason)"
    case .tooLarge(let offset, let what, let size, let limit):
      "\(what) at offset \(offset) is \(size) bytes, over the limit of \(limit)"
    case .noSummary: "the file has no summary section; read it in order instead"
    case .inconsistent(let offset, let reason): "the file contradicts itself at offset \(offset): \(reason)"
    case .unknown(let what, let id): "\(what) \(id) was never declared"
    case .refused(let reason): reason
    case .system(let operation, let path, let code): "\(operation) of \(path) failed with errno \(code)"
    }
  }
}
