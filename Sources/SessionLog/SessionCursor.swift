import MCAP
import Units

/// Reads a session chunk by chunk, so that a long one never is in memory whole; a record that still grows can be looked at again.
///
/// One owner.
public final class SessionCursor {
  private let paths: [String]
  private var index = 0
  private var recovery: MCAPRecovery<MCAPFile>?
  private var collector = DigestCollector()
  /// Bytes of the files before the one being read.
  private var bytesBefore: UInt64 = 0
  /// Events given so far.
  public private(set) var given = 0

  /// `paths` are the segments of one session, or its finished file.
  public init(_ paths: [String]) { self.paths = paths }

  /// The events of the next chunk, possibly none; `nil` at the end. Damage is passed over, as ``SessionReader`` does.
  ///
  /// Throws `.system` when a file cannot be read.
  public func next() throws -> [SessionEvent]? {
    while index < paths.count {
      if recovery == nil { recovery = try open(from: 0) }
      var events: [SessionEvent] = []
      let goesOn =
        try recovery?.forNextRecord { message, payload in
          if let event = collector.collect(message, payload) { events.append(event) }
        } ?? false
      if goesOn {
        given += events.count
        return events
      }
      guard index + 1 < paths.count else { return nil }
      bytesBefore += recovery?.soundLength ?? 0
      recovery = nil
      index += 1
    }
    return nil
  }

  /// Takes note that the last file may have grown. Throws `.system` when it is gone.
  public func lookAgain() throws {
    guard let sound = recovery?.soundLength else { return }
    recovery = try open(from: sound)
  }

  /// Bytes read so far, all files together.
  public var bytesDone: UInt64 { bytesBefore + (recovery?.soundLength ?? 0) }

  private func open(from start: UInt64) throws -> MCAPRecovery<MCAPFile> {
    try MCAPRecovery(
      SessionFileSource.open(paths[index]), assuming: SessionChannel.allCases.map(\.declaration), from: start)
  }
}
