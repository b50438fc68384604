import Catalog
public import ControlInterface
import Reports
import SessionLog
import Treatment
import Units
public import Varlink

extension SessionsHandler {
  /// Pieces of long answers stay below this, so that one message never fills a connection's buffers (control design: 256 KiB).
  private static var pieceBytes: Int { 192 << 10 }
  /// Events in one reply.
  private static var eventsPerReply: Int { 500 }
  /// How often a followed record is looked at again.
  private static var followInterval: Duration { .milliseconds(200) }

  public func events(
    _ parameters: Sessions.Events.Parameters, _ replies: Replies<Sessions.Events.Reply>, _: CallContext
  ) async throws -> Sessions.Events.Reply {
    guard replies.areWelcome else { throw ServiceError.expectedMore }
    let wanted = try channels(parameters.channels)
    var given = 0
    while true {
      let work = try await translated { try await desk.find(parameters.id) }
      let files = try await translated { try await desk.files(of: parameters.id) }
      let batch = try collect(files, wanted, after: given)
      given += batch.seen
      for start in stride(from: 0, to: batch.events.count, by: Self.eventsPerReply) {
        let end = min(start + Self.eventsPerReply, batch.events.count)
        try await replies.send(Sessions.Events.Reply(events: Array(batch.events[start..<end])))
      }
      let isOpen = work.entry.closedAt == nil && !work.isInterrupted
      guard parameters.follow ?? false, isOpen else { return Sessions.Events.Reply(events: []) }
      try await Task.sleep(for: Self.followInterval)
    }
  }

  private func channels(_ names: [String]?) throws -> Set<SessionChannel>? {
    guard let names else { return nil }
    return Set(
      try names.map { name in
        guard
          let channel = SessionChannel.allCases.first(where: { $0.topic == name || $0.topic == "/" + name })
        else {
          throw Sessions.NotFound(
            kind: "channel", name: name, known: SessionChannel.allCases.map(\.topic))
        }
        return channel
      })
  }

  private func collect(_ files: [String], _ wanted: Set<SessionChannel>?, after given: Int) throws
    -> (events: [Sessions.Event], seen: Int)
  {
    var events: [Sessions.Event] = []
    var index = 0
    _ = try stored {
      try SessionReader.read(files) { event in
        index += 1
        guard index > given, wanted?.contains(event.record.channel) ?? true else { return }
        events.append(describe(event, sequence: index))
      }
    }
    return (events, max(0, index - given))
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
    let work = try await translated { try await desk.find(parameters.id) }
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
