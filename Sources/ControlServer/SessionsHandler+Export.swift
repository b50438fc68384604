import Catalog
public import ControlInterface
import SessionLog
import Treatment
public import Varlink

extension SessionsHandler {
  public func export(
    _ parameters: Sessions.Export.Parameters, _ replies: Replies<Sessions.Export.Reply>, _: CallContext
  ) async throws -> Sessions.Export.Reply {
    guard replies.areWelcome else { throw ServiceError.expectedMore }
    let work = try await recorded(parameters.id)
    let wanted = try channels(parameters.channels)
    let files = try await translated { try await desk.files(of: parameters.id) }
    switch parameters.format {
    case .mcap:
      guard work.entry.closedAt != nil, wanted == nil else {
        throw Sessions.WrongState(
          is: wanted == nil ? "session \(work.id) is not closed" : "the file itself has every channel",
          needed: wanted == nil ? "close it first" : "csv or jsonl")
      }
      return try await sendFile(files[0], replies)
    case .csv: return try await sendText(.csv, wanted, files, replies)
    case .jsonl: return try await sendText(.jsonl, wanted, files, replies)
    }
  }

  private func sendText(
    _ format: SessionExport.Format, _ wanted: Set<SessionChannel>?, _ files: [String],
    _ replies: Replies<Sessions.Export.Reply>
  ) async throws -> Sessions.Export.Reply {
    let export: SessionExport
    do {
      export = try SessionExport(format, channels: wanted)
    } catch {
      throw Sessions.InvalidValue(
        field: "channels", value: "\(wanted?.count ?? 0) channels", limit: "one channel for csv")
    }
    let total = try stored { try files.reduce(0) { try $0 + FileBytes.count($1) } }
    let cursor = SessionCursor(files)
    var text = export.heading
    while let chunk = try stored({ try cursor.next() }) {
      for event in chunk {
        export.add(event, to: &text)
        guard text.utf8.count >= Self.pieceBytes else { continue }
        try await replies.send(
          Sessions.Export.Reply(piece: text, doneBytes: Int(clamping: cursor.bytesDone), totalBytes: total))
        text = ""
      }
    }
    return Sessions.Export.Reply(piece: text, doneBytes: total, totalBytes: total)
  }

  private func sendFile(_ path: String, _ replies: Replies<Sessions.Export.Reply>) async throws
    -> Sessions.Export.Reply
  {
    // A multiple of three, so that the pieces of Base64 can be joined as they are.
    let step = Self.pieceBytes / 4 * 3 / 3 * 3
    let total = try stored { try FileBytes.count(path) }
    var done = 0
    while true {
      let bytes = try stored { try FileBytes.read(path, at: done, count: step) }
      done += bytes.count
      let reply = Sessions.Export.Reply(piece: Base64.text(bytes), doneBytes: done, totalBytes: total)
      guard done < total, !bytes.isEmpty else { return reply }
      try await replies.send(reply)
    }
  }

  public func recover(_ parameters: Sessions.Recover.Parameters, _ context: CallContext) async throws
    -> Sessions.Recover.Reply
  {
    let author = try author(context)
    let work = try await recorded(parameters.id)
    guard work.entry.closedAt != nil || work.isInterrupted else {
      throw Sessions.WrongState(is: "session \(work.id) is being recorded", needed: "close it first")
    }
    let files = try await translated { try await desk.files(of: parameters.id) }
    let output = try await translated { try await desk.beginRecovery(of: parameters.id, by: author) }
    let digest = try stored {
      try SessionFile.recover(
        files, to: output, SessionClosing(closedBy: author.name, reason: "recovered over the control socket"))
    }
    return Sessions.Recover.Reply(
      file: output, strokes: Int(clamping: digest.strokes), dots: Int(clamping: digest.dots),
      skipped: digest.damage.map {
        Sessions.Damage(
          path: $0.path, offsetBytes: Int(clamping: $0.offset), lengthBytes: Int(clamping: $0.length),
          reason: $0.reason)
      })
  }

  public func purge(_ parameters: Sessions.Purge.Parameters, _ context: CallContext) async throws
    -> Sessions.Purge.Reply
  {
    let author = try author(context, needs: .service)
    let sessions = try await translated {
      parameters.dryRun ? try await desk.overdueSessions() : try await desk.purge(by: author)
    }
    return Sessions.Purge.Reply(sessions: sessions, keptYears: desk.retentionYears)
  }
}
