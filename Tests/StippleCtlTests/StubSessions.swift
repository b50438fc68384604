import ControlInterface
import Varlink

struct StubSessions: Sessions.Handler {
  let machine: StubMachine

  private func session(_ script: StubMachine.Script, _ id: String? = nil) throws -> Sessions.Session {
    guard let session = script.session, id == nil || id == session.id else {
      throw Sessions.NotFound(kind: "session", name: id ?? "", known: script.sessions.map(\.id))
    }
    return session
  }

  func open(_ p: Sessions.Open.Parameters, _: CallContext) async throws -> Sessions.Open.Reply {
    let script = try machine.enter("Open", p)
    var session = try session(script)
    session.kind = p.kind
    session.client = p.client
    session.plan = p.plan
    session.stage = p.stage
    return .init(session: session, warnings: script.warnings)
  }

  func resume(_ p: Sessions.Resume.Parameters, _: CallContext) async throws -> Sessions.Resume.Reply {
    var session = try session(try machine.enter("Resume", p))
    session.uncertain = [.init(firstStroke: 427, lastStroke: 500)]
    return .init(session: session)
  }

  func close(_ p: Sessions.Close.Parameters, _: CallContext) async throws -> Sessions.Close.Reply {
    .init(session: try session(try machine.enter("Close", p)))
  }

  func getCurrent(_ p: Sessions.GetCurrent.Parameters, _: CallContext) async throws
    -> Sessions.GetCurrent.Reply
  {
    .init(session: try machine.enter("GetCurrent", p).session)
  }

  func setZone(_ p: Sessions.SetZone.Parameters, _: CallContext) async throws -> Sessions.SetZone.Reply {
    let script = try machine.enter("SetZone", p)
    return .init(
      zone: .init(
        name: p.zone, attributes: p.attributes ?? [], areaMm2: p.areaMm2 ?? 0, dots: 0, strokes: 0,
        dotsLimit: 480), warnings: script.warnings)
  }

  func loadCartridge(_ p: Sessions.LoadCartridge.Parameters, _: CallContext) async throws
    -> Sessions.LoadCartridge.Reply
  {
    _ = try machine.enter("LoadCartridge", p)
    return .init(
      cartridge: .init(
        profile: p.profile, lot: p.lot, expires: p.expires, loadedAtUs: Samples.noon, strokes: 0))
  }

  func loadPigment(_ p: Sessions.LoadPigment.Parameters, _: CallContext) async throws
    -> Sessions.LoadPigment.Reply
  {
    let script = try machine.enter("LoadPigment", p)
    return .init(
      pigment: .init(
        maker: p.maker, name: p.name, shade: p.shade, batch: p.batch, expires: p.expires,
        dilutionPercent: p.dilutionPercent ?? 100, loadedAtUs: Samples.noon), warnings: script.warnings)
  }

  func addNote(_ p: Sessions.AddNote.Parameters, _: CallContext) async throws -> Sessions.AddNote.Reply {
    _ = try machine.enter("AddNote", p)
    return .init()
  }

  func list(_ p: Sessions.List.Parameters, _: CallContext) async throws -> Sessions.List.Reply {
    .init(sessions: try machine.enter("List", p).sessions)
  }

  func get(_ p: Sessions.Get.Parameters, _: CallContext) async throws -> Sessions.Get.Reply {
    .init(session: try session(try machine.enter("Get", p), p.id))
  }

  func events(
    _ p: Sessions.Events.Parameters, _ replies: Replies<Sessions.Events.Reply>, _: CallContext
  ) async throws -> Sessions.Events.Reply {
    _ = try machine.enter("Events", p)
    try await replies.send(.init(events: [Samples.event]))
    return .init(events: [])
  }

  func report(
    _ p: Sessions.Report.Parameters, _ replies: Replies<Sessions.Report.Reply>, _: CallContext
  ) async throws -> Sessions.Report.Reply {
    _ = try machine.enter("Report", p)
    try await replies.send(.init(piece: "first half, "))
    return .init(piece: "second half")
  }

  func verify(_ p: Sessions.Verify.Parameters, _: CallContext) async throws -> Sessions.Verify.Reply {
    try machine.enter("Verify", p).verification
  }

  func export(
    _ p: Sessions.Export.Parameters, _ replies: Replies<Sessions.Export.Reply>, _: CallContext
  ) async throws -> Sessions.Export.Reply {
    _ = try machine.enter("Export", p)
    // "a needle" in two pieces of Base64, or the same text.
    let pieces = p.format == .mcap ? ["YSBu", "ZWVkbGU="] : ["a n", "eedle"]
    try await replies.send(.init(piece: pieces[0], doneBytes: 3, totalBytes: 8))
    return .init(piece: pieces[1], doneBytes: 8, totalBytes: 8)
  }

  func recover(_ p: Sessions.Recover.Parameters, _: CallContext) async throws -> Sessions.Recover.Reply {
    _ = try machine.enter("Recover", p)
    return .init(
      file: "/s/20261121-1.recovered-1.mcap", strokes: 426, dots: 213,
      skipped: [.init(path: "/s/20261121-1.mcap", offsetBytes: 100, lengthBytes: 20, reason: "wrong CRC")])
  }

  func purge(_ p: Sessions.Purge.Parameters, _: CallContext) async throws -> Sessions.Purge.Reply {
    .init(sessions: try machine.enter("Purge", p).sessions.map(\.id), keptYears: 5)
  }
}
