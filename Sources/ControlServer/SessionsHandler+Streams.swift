import Catalog
public import ControlInterface
import Reports
import SessionLog
import Treatment
import Units
public import Varlink

extension SessionsHandler {
  /// Pieces of long answers stay below this, so that one message never fills a connection's buffers (control design: 256 KiB).
  static var pieceBytes: Int { 192 << 10 }
  /// Events in one reply.
  private static var eventsPerReply: Int { 500 }
  /// How often a followed record is looked at again.
  private static var followInterval: Duration { .milliseconds(200) }

  public func events(
    _ parameters: Sessions.Events.Parameters, _ replies: Replies<Sessions.Events.Reply>, _: CallContext
  ) async throws -> Sessions.Events.Reply {
    guard replies.areWelcome else { throw ServiceError.expectedMore }
    let wanted = try channels(parameters.channels)
    let follows = parameters.follow ?? false
    var work = try await recorded(parameters.id)
    var cursor = SessionCursor(try await translated { try await desk.files(of: parameters.id) })
    var seen = 0
    while true {
      // Asked before the rest is read: what is recorded up to the closing belongs to it.
      let isOpen = work.entry.closedAt == nil && !work.isInterrupted
      try await send(cursor, wanted, seen: &seen, replies)
      guard follows, isOpen else { return Sessions.Events.Reply(events: []) }
      try await Task.sleep(for: Self.followInterval)
      work = try await translated { try await desk.find(parameters.id) }
      if work.entry.closedAt == nil {
        try stored { try cursor.lookAgain() }
      } else {
        // The parts have become the finished file, with the same records in the same order.
        cursor = SessionCursor(try await translated { try await desk.files(of: parameters.id) })
      }
    }
  }

  /// Sends what the cursor still gives, but for the first `seen` of all.
  private func send(
    _ cursor: SessionCursor, _ wanted: Set<SessionChannel>?, seen: inout Int,
    _ replies: Replies<Sessions.Events.Reply>
  ) async throws {
    var events: [Sessions.Event] = []
    var number = cursor.given
    while let chunk = try stored({ try cursor.next() }) {
      for event in chunk {
        number += 1
        guard number > seen else { continue }
        seen = number
        guard wanted?.contains(event.record.channel) ?? true else { continue }
        events.append(describe(event, sequence: number))
        guard events.count >= Self.eventsPerReply else { continue }
        try await replies.send(Sessions.Events.Reply(events: events))
        events.removeAll(keepingCapacity: true)
      }
    }
    if !events.isEmpty { try await replies.send(Sessions.Events.Reply(events: events)) }
  }

  /// A session whose recording is there.
  func recorded(_ id: String) async throws -> SessionWork {
    let work = try await translated { try await desk.find(id) }
    guard work.entry.purgedAt == nil else {
      throw Sessions.WrongState(is: "the recording of session \(id) was deleted", needed: "one that is kept")
    }
    return work
  }

  func channels(_ names: [String]?) throws -> Set<SessionChannel>? {
    guard let names else { return nil }
    return Set(
      try names.map { name in
        guard let channel = SessionChannel(topic: name) else {
          throw Sessions.NotFound(kind: "channel", name: name, known: SessionChannel.allCases.map(\.topic))
        }
        return channel
      })
  }

  private func describe(_ event: SessionEvent, sequence: Int) -> Sessions.Event {
    var data = JSONObject()
    for field in event.fields {
      data[field.name] =
        switch field.value {
        case .integer(let value): .integer(value)
        case .boolean(let value): .bool(value)
        case .text(let value): .string(value)
        case .integers(let values): .array(values.map(JSONValue.integer))
        }
    }
    return Sessions.Event(
      atUs: event.at.microseconds, channel: event.record.channel.topic, sequence: sequence, data: data)
  }

  public func report(
    _ parameters: Sessions.Report.Parameters, _ replies: Replies<Sessions.Report.Reply>, _: CallContext
  ) async throws -> Sessions.Report.Reply {
    guard replies.areWelcome else { throw ServiceError.expectedMore }
    let files = try await translated { try await desk.files(of: parameters.id) }
    let work = try await recorded(parameters.id)
    guard work.entry.closedAt != nil else {
      throw Sessions.WrongState(is: "session \(work.id) is not closed", needed: "close it first")
    }
    let head = try await translated { try await desk.auditHead() }
    let report = try stored {
      try TreatmentReport.read(
        files[0],
        ReportOptions(expectedHash: work.entry.fileHash, auditHead: head.hash, auditLength: head.length))
    }
    let whole = Array((parameters.format == .html ? report.html : report.text).utf8)
    var start = 0
    while whole.count - start > Self.pieceBytes {
      // A piece ends between characters.
      var end = start + Self.pieceBytes
      while whole[end] & 0xC0 == 0x80 { end -= 1 }
      try await replies.send(
        Sessions.Report.Reply(piece: String(decoding: whole[start..<end], as: UTF8.self)))
      start = end
    }
    return Sessions.Report.Reply(piece: String(decoding: whole[start...], as: UTF8.self))
  }
}
