public import MCAP
import Units

/// Reads sessions, finished or not, whole or torn: every complete chunk is given, and what was skipped is said.
public enum SessionReader {
  /// Gives every event of the files, in the order they were logged, to `body`. Several files are the segments of one session.
  ///
  /// Throws `.system` when a file cannot be read at all, and what `body` throws. Damage is in the digest.
  @discardableResult
  public static func read(
    _ paths: [String], limits: MCAPLimits = MCAPLimits(), _ body: (SessionEvent) throws -> Void = { _ in }
  ) throws -> SessionDigest {
    var collector = DigestCollector()
    for path in paths {
      try read(SessionFileSource.open(path), path: path, limits: limits, into: &collector) { _, _, event in
        if let event { try body(event) }
      }
    }
    return collector.finished
  }

  /// The same from any source of bytes; `body` also sees each message as it is stored, and no event where the payload is of
  /// no known channel or cannot be read.
  static func read<Source: MCAPSource>(
    _ source: Source, path: String, limits: MCAPLimits = MCAPLimits(), into collector: inout DigestCollector,
    _ body: (MCAPMessage, Span<UInt8>, SessionEvent?) throws -> Void
  ) throws {
    // The identifiers are fixed, so that losing the chunk that declares them loses nothing else.
    var recovery = try MCAPRecovery(
      source, assuming: SessionChannel.allCases.map(\.declaration), limits: limits)
    do {
      try recovery.forEachMessage { message, payload in
        let event = collector.collect(message, payload)
        try body(message, payload, event)
      }
    } catch MCAPError.system(let operation, let path, let code) {
      throw SessionLogError.system(operation: operation, path: path, code: code)
    }
    collector.endFile(
      damage: recovery.skipped.map {
        SessionDigest.Damage(path: path, offset: $0.offset, length: $0.length, reason: $0.reason)
      }, isClosed: recovery.reachedEnd)
  }
}

/// Opens files for reading, with this module's errors.
enum SessionFileSource {
  static func open(_ path: String) throws(SessionLogError) -> MCAPFile {
    do {
      return try MCAPFile(path: path)
    } catch MCAPError.system(let operation, let path, let code) {
      throw .system(operation: operation, path: path, code: code)
    } catch {
      throw .container(path: path, error)
    }
  }
}
