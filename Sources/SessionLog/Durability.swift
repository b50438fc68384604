public import Units

/// How far the record has come: into memory, into the kernel, onto the disk.
public struct Durability: Hashable, Sendable {
  /// Sequence of the last stroke appended; lost when the process dies now.
  public internal(set) var strokeAppended: UInt64 = 0
  /// Handed to the kernel; survives the process, not a power cut.
  public internal(set) var strokeFlushed: UInt64 = 0
  /// On the disk.
  public internal(set) var strokeDurable: UInt64 = 0
  /// The last stroke a durable intent allows; strokes beyond it must not be made.
  public internal(set) var intentDurable: UInt64 = 0
  /// When the last completed sync was begun: everything appended before it is durable.
  public internal(set) var durableSince: Instant
  /// When the last flush was done.
  public internal(set) var flushedAt: Instant
}

/// A sync that can be done away from the recorder, because a disk may take its time.
public struct SyncTicket: Sendable {
  let file: AppendFile
  let strokeFlushed: UInt64
  let intentFlushed: UInt64
  let begunAt: Instant

  /// `fdatasync(2)`; blocks as long as the disk does. Throws `.system`.
  public func perform() throws(SessionLogError) { try file.synchronise() }
}
