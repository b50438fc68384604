import MCAP
public import Units

/// Records one session, or one segment of it. One owner; every time is a parameter.
///
/// Appending only touches memory. The owner calls ``flush(at:)`` every 50 ms or sooner and syncs every second or sooner, and grants
/// intents before strokes are made. While it runs, the finished file grows beside the part as a draft, so that
/// ``finish(at:_:)`` is quick.
public final class SessionWriter {
  public let paths: SessionPaths
  public private(set) var facts: SessionFacts
  public private(set) var durability: Durability
  private let openedAt: Instant
  /// Log time of `openedAt`, nanoseconds since 1970.
  private let logBase: UInt64
  private var part: PartFile
  private var draft: DraftFile?
  private var ballast: Ballast
  private var collector: DigestCollector
  private var intentFlushed: UInt64 = 0
  private var intentAppended: UInt64 = 0
  private var payload: [UInt8] = []
  /// Why the draft had to be given up, to be told when closing takes longer; `nil` while it is sound.
  public private(set) var draftTrouble: String?

  /// Bytes of the part and of the draft per stroke, for ``reserve(strokes:)``: measured, with a margin.
  static var bytesPerStroke: UInt64 { 160 }

  /// Starts a new session; `facts.segment` becomes 1. Returns when its first record is durable.
  ///
  /// Throws `.system` (also when the session exists already) and `.refused`.
  public static func create(
    in folder: String, _ facts: SessionFacts, at now: Instant, wallClock: WallTime
  ) throws -> SessionWriter {
    let paths = try SessionPaths(folder: folder, id: facts.id)
    guard !Folder.exists(paths.finished), !Folder.exists(paths.part(1)) else {
      throw SessionLogError.refused("session \(facts.id) exists already in \(folder)")
    }
    var facts = facts
    facts.segment = 1
    return try SessionWriter(paths, facts, at: now, wallClock: wallClock, earlier: [])
  }

  /// Goes on with a session after the process that recorded it died, in a new segment whose first records declare what is
  /// uncertain. ``digest`` tells the sequence to go on from.
  public static func resume(
    in folder: String, id: String, _ facts: SessionFacts, at now: Instant, wallClock: WallTime
  ) throws -> SessionWriter {
    let paths = try SessionPaths(folder: folder, id: id)
    let parts = paths.parts
    guard !parts.isEmpty else {
      throw SessionLogError.refused("session \(id) has no open record in \(folder); was it closed?")
    }
    guard !Folder.exists(paths.finished) else {
      throw SessionLogError.refused("session \(id) is finished; the part beside it is a leftover")
    }
    var facts = facts
    facts.id = id
    facts.segment = UInt32(parts.count + 1)
    return try SessionWriter(paths, facts, at: now, wallClock: wallClock, earlier: parts)
  }

  private init(
    _ paths: SessionPaths, _ facts: SessionFacts, at now: Instant, wallClock: WallTime, earlier: [String]
  ) throws {
    self.paths = paths
    self.facts = facts
    openedAt = now
    ballast = Ballast(path: paths.reserve)
    // What an earlier, dead process left of a draft is made anew from the parts.
    var rebuilt = try DraftFile(path: paths.draft)
    let collector = try rebuilt.add(parts: earlier)
    draft = consume rebuilt
    self.collector = collector
    // A clock that was set back between segments must not reorder the record.
    logBase = max(UInt64(clamping: wallClock.sinceEpoch.count), collector.lastTime + 1)
    durability = Durability(durableSince: now, flushedAt: now)
    part = try PartFile(path: paths.part(facts.segment))
    try append(facts, at: now)
    if let uncertain = collector.ledger.open {
      try append(
        IntentRecord(
          kind: .uncertain, firstStroke: uncertain.firstStroke, lastStroke: uncertain.lastStroke,
          zone: uncertain.zone, dotsAtMost: uncertain.dotsAtMost), at: now)
    }
    try sync(at: now)
    try Folder.synchronise(paths.folder)
  }

  /// What the session holds so far, earlier segments included.
  public var digest: SessionDigest { collector.finished }

  /// Holds room for this many strokes more, in the part and the finished file; throws `.noRoom`.
  public func reserve(strokes: UInt64) throws {
    try ballast.hold(strokes * Self.bytesPerStroke)
  }

  /// Appends a record in memory. `at` is when it happened; before the session's opening counts as the opening.
  public func append(_ stroke: StrokeRecord, at instant: Instant) throws {
    durability.strokeAppended = max(durability.strokeAppended, stroke.sequence)
    try append(
      stroke, as: .stroke(stroke), at: instant)
  }

  public func append(_ dot: DotRecord, at instant: Instant) throws {
    try append(dot, as: .dot(dot), at: instant)
  }

  public func append(_ intent: IntentRecord, at instant: Instant) throws {
    switch intent.kind {
    case .granted: intentAppended = max(intentAppended, intent.lastStroke)
    case .settled: intentAppended = intent.lastStroke
    case .uncertain, .unknown: break
    }
    try append(intent, as: .intent(intent), at: instant)
  }

  public func append(_ record: StateRecord, at instant: Instant) throws {
    try append(record, as: .state(record), at: instant)
  }
  public func append(_ record: SettingRecord, at instant: Instant) throws {
    try append(record, as: .setting(record), at: instant)
  }
  public func append(_ record: ZoneRecord, at instant: Instant) throws {
    try append(record, as: .zone(record), at: instant)
  }
  public func append(_ record: MaterialRecord, at instant: Instant) throws {
    try append(record, as: .material(record), at: instant)
  }
  public func append(_ record: LoopRecord, at instant: Instant) throws {
    try append(record, as: .loop(record), at: instant)
  }
  public func append(_ record: DriveRecord, at instant: Instant) throws {
    try append(record, as: .drive(record), at: instant)
  }
  public func append(_ record: NoteRecord, at instant: Instant) throws {
    try append(record, as: .note(record), at: instant)
  }
  public func append(_ record: ActionRecord, at instant: Instant) throws {
    try append(record, as: .action(record), at: instant)
  }
  private func append(_ record: SessionFacts, at instant: Instant) throws {
    try append(record, as: .session(record), at: instant)
  }

  @inline(__always)
  private func append<Record: LoggedRecord>(
    _ record: Record, as any: SessionRecord, at instant: Instant
  ) throws {
    let elapsed = max(0, (instant - openedAt).count)
    let logTime = logBase &+ UInt64(elapsed)
    collector.note(any, at: logTime)
    payload.removeAll(keepingCapacity: true)
    record.encode(into: &payload, logTime: logTime)
    // The format's own sequence field is optional; a second, differently spelled number would cost three bytes a stroke.
    let message = MCAPMessage(
      channelID: Record.channel.rawValue, sequence: 0, logTime: logTime, publishTime: logTime)
    let payload = payload
    try part.add(message, payload.span)
    do {
      try draft?.add(message, payload.span)
    } catch {
      // The part has everything; the draft is made anew from it when the session is closed.
      draftTrouble = "\(error)"
      draft = nil
    }
  }

  /// Hands everything appended to the kernel. Call every 50 ms or sooner.
  ///
  /// On a full disk the room reserved is given up first; when that does not help it throws `.system`, keeps what it could not
  /// write, and the next call tries again.
  public func flush(at now: Instant) throws {
    do {
      try part.flush()
    } catch {
      guard ballast.release() else { throw error }
      try part.flush()
    }
    durability.strokeFlushed = durability.strokeAppended
    durability.flushedAt = now
    intentFlushed = intentAppended
  }

  /// A sync to be performed anywhere, for what was flushed so far; tell its end with ``complete(_:)``.
  public func beginSync(at now: Instant) -> SyncTicket {
    SyncTicket(
      file: part.file, strokeFlushed: durability.strokeFlushed, intentFlushed: intentFlushed, begunAt: now)
  }

  /// Whether a ticket is for this record.
  public func issued(_ ticket: SyncTicket) -> Bool { ticket.file === part.file }

  /// Takes note that a ticket was performed without error.
  public func complete(_ ticket: SyncTicket) {
    durability.strokeDurable = max(durability.strokeDurable, ticket.strokeFlushed)
    // One that a later sync has overtaken knows of older intents only.
    if ticket.begunAt >= durability.durableSince { durability.intentDurable = ticket.intentFlushed }
    durability.durableSince = durability.durableSince.later(of: ticket.begunAt)
  }

  /// Flushes and syncs; returns when the disk has everything.
  public func sync(at now: Instant) throws {
    try flush(at: now)
    let ticket = beginSync(at: now)
    try ticket.perform()
    complete(ticket)
  }

  /// Appends an intent and returns when it is durable; only then may its strokes be made.
  public func grant(_ intent: IntentRecord, at now: Instant) throws {
    try append(intent, at: now)
    try sync(at: now)
  }

  /// Closes the session: the draft gets its summary and metadata, is verified, and takes the final name. Whatever goes wrong,
  /// either the parts or the finished file are left whole; calling again tries again.
  public func finish(at now: Instant, _ closing: SessionClosing) throws -> FinishedSession {
    try sync(at: now)
    _ = ballast.release()
    var finisher = SessionFinisher(paths: paths)
    var taken: DraftFile?
    swap(&taken, &draft)
    if let sound = taken {
      return try finisher.finish(sound, digest, closing)
    }
    return try finisher.finishFromParts(closing)
  }
}
