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
  /// Handed to the kernel at least this often, on the disk at least that often (telemetry design: 50 ms and 1 s).
  static let flushEvery = Nanoseconds.milliseconds(40)
  static let syncEvery = Nanoseconds.milliseconds(250)
  /// A last completed sync older than this ends the run.
  static let syncDeadline = Nanoseconds.seconds(1)

  let writer: SessionWriter
  /// Why nothing can be recorded any more; `nil` while all is well.
  private(set) var trouble: String?
  private(set) var grantedThrough: UInt64 = 0
  /// Strokes of the latest grant.
  private var granted: UInt64 = 0
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

  /// Makes an intent durable that covers the next strokes; returns the last stroke that may be made, `nil` on trouble.
  func grant(from first: UInt64, zone: String, _ settings: StrokeSettings?, at now: Instant) -> UInt64? {
    let strokes = Self.intentStrokes(settings)
    let last = first + strokes - 1
    let dots = strokes / UInt64(max(1, settings?.strokesPerDot ?? 1)) + 1
    record {
      try $0.grant(
        IntentRecord(
          kind: .granted, firstStroke: first, lastStroke: last, zone: zone, dotsAtMost: UInt32(clamping: dots)
        ),
        at: now)
    }
    guard trouble == nil else { return nil }
    syncedAt = now
    granted = strokes
    grantedThrough = last
    return last
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
    grantedThrough > 0 && lastStroke + granted / 2 >= grantedThrough
  }

  /// Says that every stroke made is in the record: nothing is uncertain if the process ends now.
  func settle(lastStroke: UInt64, zone: String, at now: Instant) {
    guard grantedThrough > 0 else { return }
    grantedThrough = 0
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
    guard !isSyncing, now - syncedAt >= Self.syncEvery else { return nil }
    isSyncing = true
    return writer.beginSync(at: now)
  }

  /// Takes note of how a sync ended.
  func finished(_ ticket: SyncTicket, failure: (any Error)?, at now: Instant) {
    isSyncing = false
    if let failure {
      trouble = trouble ?? "\(failure)"
    } else {
      syncedAt = now
      writer.complete(ticket)
    }
  }

  /// The last completed sync is so old that a run has to end.
  func isBehind(at now: Instant) -> Bool {
    now - writer.durability.durableSince > Self.syncDeadline
  }
}
