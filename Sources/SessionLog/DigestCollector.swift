import MCAP
import Units

/// Turns messages into events and counts them.
struct DigestCollector {
  private var digest = SessionDigest()
  private(set) var ledger = IntentLedger()
  private(set) var firstTime: UInt64?
  private(set) var lastTime: UInt64 = 0

  /// The event in a message; `nil` when it cannot be read or its channel is not one of ours.
  mutating func collect(_ message: MCAPMessage, _ payload: Span<UInt8>) -> SessionEvent? {
    guard let channel = SessionChannel(rawValue: message.channelID) else { return nil }
    let record: SessionRecord
    do throws(RecordError) {
      record = try SessionRecord(channel: channel, payload: payload)
    } catch {
      digest.unreadable += 1
      return nil
    }
    note(record, at: message.logTime)
    let start = firstTime ?? message.logTime
    return SessionEvent(
      at: WallTime(sinceEpoch: Nanoseconds(Int64(clamping: message.logTime))),
      sinceOpen: Nanoseconds(Int64(clamping: message.logTime) - Int64(clamping: start)), record: record)
  }

  /// Counts a record that is written rather than read.
  mutating func note(_ record: SessionRecord, at logTime: UInt64) {
    digest.records += 1
    if firstTime == nil { firstTime = logTime }
    lastTime = max(lastTime, logTime)
    switch record {
    case .session(let facts): digest.segments.append(facts)
    case .stroke(let stroke): note(stroke)
    case .dot(let dot): note(dot)
    case .intent(let intent): ledger.note(intent)
    default: break
    }
  }

  @inline(__always)
  private mutating func note(_ stroke: StrokeRecord) { ledger.note(stroke: stroke.sequence) }

  private mutating func note(_ dot: DotRecord) {
    digest.dots += 1
    digest.lastDot = max(digest.lastDot, dot.sequence)
  }

  /// Notes what a whole file turned out to be.
  mutating func endFile(damage: [SessionDigest.Damage], isClosed: Bool) {
    digest.damage += damage
    digest.isClosed = isClosed
  }

  var finished: SessionDigest {
    var digest = digest
    digest.strokes = ledger.strokes
    digest.lastStroke = ledger.lastStroke
    digest.missingStrokes = ledger.missing
    digest.uncertain = ledger.declared
    digest.open = ledger.open
    digest.opened = firstTime.map { WallTime(sinceEpoch: Nanoseconds(Int64(clamping: $0))) }
    digest.lastRecord = firstTime.map { _ in WallTime(sinceEpoch: Nanoseconds(Int64(clamping: lastTime))) }
    return digest
  }
}
