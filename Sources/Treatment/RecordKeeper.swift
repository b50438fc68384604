import Catalog
import NeedleSafety
import SessionLog
import StrokeControl
import Units

/// Keeps the record of one session: what the loop reports goes in, intents come out before strokes are made, and any trouble
/// is kept as a reason to stop.
final class RecordKeeper {
  /// One intent covers the strokes of about this long. It is renewed when half are used, so the disk is asked once a second while
  /// strokes are made; and this is what a death may leave uncertain.
  static let intentSpan = Nanoseconds.seconds(2)
  /// Never fewer strokes than this, so that slow dots do not ask the disk at each.
  static let fewestIntentStrokes: UInt64 = 20
  /// Handed to the kernel at each look at the loop (every 20 ms, so that 50 ms hold on a busy host too), on the disk at least this
  /// often (telemetry design: 1 s).
  static let flushEvery = Nanoseconds.milliseconds(15)
  static let syncEvery = Nanoseconds.milliseconds(250)
  /// A last completed sync older than this ends the run.
  static let syncDeadline = Nanoseconds.seconds(1)

  let writer: SessionWriter
  /// Why nothing can be recorded any more; `nil` while all is well.
  private(set) var trouble: String?
  private(set) var grantedThrough: UInt64 = 0
  /// Strokes of the latest grant.
  private var granted: UInt64 = 0
  /// The last stroke of an intent that was written and is not durable yet; `nil` while none is under way.
  private var promised: UInt64?
  private(set) var isSyncing = false
  private var syncedAt: Instant

  init(_ writer: SessionWriter, now: Instant) {
    self.writer = writer
    syncedAt = now
  }

  /// Runs something that writes; an error becomes the trouble.
  func record(_ write: (SessionWriter) throws -> Void) {
    do {
      try write(writer)
    } catch {
      trouble = trouble ?? "\(error)"
    }
  }

  /// Takes back the trouble after the disk has room again.
  func retry(at now: Instant) {
    trouble = nil
    record { try $0.sync(at: now) }
    syncedAt = now
  }

  /// Makes an intent durable that covers the next strokes; returns the last stroke that may be made, `nil` on trouble. Blocks as
  /// long as the disk does: for arming, when no stroke is being made.
  func grant(from first: UInt64, zone: String, _ settings: StrokeSettings?, at now: Instant) -> UInt64? {
    let intent = intent(from: first, zone: zone, settings)
    record { try $0.grant(intent, at: now) }
    guard trouble == nil else { return nil }
    promised = nil
    syncedAt = now
    grantedThrough = intent.lastStroke
    return intent.lastStroke
  }

  /// Writes the next intent while strokes are made; the next sync makes it durable. Flushing never waits for a disk meanwhile.
  func promise(zone: String, _ settings: StrokeSettings?, at now: Instant) {
    let intent = intent(from: grantedThrough + 1, zone: zone, settings)
    record {
      try $0.append(intent, at: now)
      try $0.flush(at: now)
    }
    if trouble == nil { promised = intent.lastStroke }
  }

  private func intent(from first: UInt64, zone: String, _ settings: StrokeSettings?) -> IntentRecord {
    granted = Self.intentStrokes(settings)
    let dots = granted / UInt64(max(1, settings?.strokesPerDot ?? 1)) + 1
    return IntentRecord(
      kind: .granted, firstStroke: first, lastStroke: first + granted - 1, zone: zone,
      dotsAtMost: UInt32(clamping: dots))
  }

  /// Strokes that settings can make within ``intentSpan``. A pedal can ask for dots no faster than its debounce lets it; ten
  /// presses a second are the dot-rate ceiling.
  static func intentStrokes(_ settings: StrokeSettings?) -> UInt64 {
    guard let settings else { return fewestIntentStrokes }
    let dotRate = settings.dotRate > .zero ? settings.dotRate : Ceilings.absolute.dotRate
    let perThousandSeconds =
      settings.mode == .dot
      ? Int64(dotRate.count) * Int64(settings.strokesPerDot) : Int64(settings.rate.count)
    return max(
      fewestIntentStrokes, UInt64(clamping: perThousandSeconds * intentSpan.inMilliseconds / 1_000_000))
  }

  /// Half of what was granted is used up.
  func needsGrant(after lastStroke: UInt64) -> Bool {
    promised == nil && grantedThrough > 0 && lastStroke + granted / 2 >= grantedThrough
  }

  /// Says that every stroke made is in the record: nothing is uncertain if the process ends now.
  func settle(lastStroke: UInt64, zone: String, at now: Instant) {
    guard grantedThrough > 0 else { return }
    grantedThrough = 0
    promised = nil
    record {
      try $0.append(
        IntentRecord(kind: .settled, firstStroke: lastStroke, lastStroke: lastStroke, zone: zone), at: now)
      try $0.sync(at: now)
    }
    syncedAt = now
  }

  /// Flushes when it is time. Returns a sync to perform away from the desk when one is due.
  func maintain(at now: Instant) -> SyncTicket? {
    guard trouble == nil else { return nil }
    if now - writer.durability.flushedAt >= Self.flushEvery { record { try $0.flush(at: now) } }
    guard !isSyncing, promised != nil || now - syncedAt >= Self.syncEvery else { return nil }
    isSyncing = true
    return writer.beginSync(at: now)
  }

  /// Takes note of how a sync ended. Returns the last stroke that may be made when it made a promised intent durable.
  func finished(_ ticket: SyncTicket, failure: (any Error)?, at now: Instant) -> UInt64? {
    // A ticket of a session that was closed meanwhile says nothing of this one.
    guard writer.issued(ticket) else { return nil }
    isSyncing = false
    if let failure {
      trouble = trouble ?? "\(failure)"
      return nil
    }
    syncedAt = now
    writer.complete(ticket)
    guard let last = promised, writer.durability.intentDurable >= last else { return nil }
    promised = nil
    grantedThrough = last
    return last
  }

  /// The last completed sync is so old that a run has to end.
  func isBehind(at now: Instant) -> Bool {
    now - writer.durability.durableSince > Self.syncDeadline
  }
}
