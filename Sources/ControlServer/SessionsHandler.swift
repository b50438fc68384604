import Catalog
public import ControlInterface
import NeedleSafety
import Reports
import SessionLog
import StrokeControl
public import Treatment
import Units
public import Varlink

/// Serves `org.stipple.Sessions`.
public struct SessionsHandler: Sessions.Handler, DeskHandler {
  typealias Interface = Sessions
  let desk: Desk
  let policy: RolePolicy
  let clock: TreatmentClock

  public init(desk: Desk, policy: RolePolicy, clock: TreatmentClock) {
    self.desk = desk
    self.policy = policy
    self.clock = clock
  }

  public func open(_ parameters: Sessions.Open.Parameters, _ context: CallContext) async throws
    -> Sessions.Open.Reply
  {
    let author = try author(context)
    let client: String?
    switch (parameters.kind, parameters.client) {
    case (.bench, nil): client = nil
    case (.client, let code?): client = code
    case (.bench, let code?):
      throw Sessions.InvalidValue(field: "client", value: code, limit: "none on the bench")
    case (.client, nil):
      throw Sessions.InvalidValue(
        field: "client", value: "", limit: "the client's code; needed unless on the bench")
    }
    let stage = parameters.stage.flatMap { PlanStage(rawValue: $0.rawValue) }
    let opened = try await translated {
      try await desk.open(client: client, plan: parameters.plan, stage: stage, by: author)
    }
    return Sessions.Open.Reply(session: await describe(opened.session), warnings: opened.warnings)
  }

  public func resume(_ parameters: Sessions.Resume.Parameters, _ context: CallContext) async throws
    -> Sessions.Resume.Reply
  {
    let author = try author(context)
    let work = try await translated { try await desk.resume(parameters.id, by: author) }
    return Sessions.Resume.Reply(session: await describe(work))
  }

  public func close(_: Sessions.Close.Parameters, _ context: CallContext) async throws -> Sessions.Close.Reply
  {
    let author = try author(context)
    let work = try await translated { try await desk.close(by: author) }
    return Sessions.Close.Reply(session: await describe(work))
  }

  public func getCurrent(_: Sessions.GetCurrent.Parameters, _: CallContext) async throws
    -> Sessions.GetCurrent.Reply
  {
    guard let work = await desk.session else { return Sessions.GetCurrent.Reply(session: nil) }
    return Sessions.GetCurrent.Reply(session: await describe(work))
  }

  public func setZone(_ parameters: Sessions.SetZone.Parameters, _ context: CallContext) async throws
    -> Sessions.SetZone.Reply
  {
    let author = try author(context)
    guard let zone = Zone(name: parameters.zone) else {
      throw Sessions.NotFound(kind: "zone", name: parameters.zone, known: Zone.allCases.map(\.name))
    }
    let attributes = parameters.attributes.flatMap { ZoneAttributes(names: $0.map(\.rawValue)) }
    let area = try parameters.areaMm2.map { area in
      guard area > 0, let count = Int32(exactly: area) else {
        throw Sessions.InvalidValue(field: "area_mm2", value: "\(area)", limit: "more than 0")
      }
      return SquareMillimetres(count)
    }
    let set = try await translated {
      try await desk.setZone(
        zone, attributes: attributes, area: area, reason: parameters.reason,
        overrideReason: parameters.overrideReason, by: author)
    }
    return Sessions.SetZone.Reply(zone: describe(set.zone, bench: false), warnings: set.warnings)
  }

  public func loadCartridge(_ parameters: Sessions.LoadCartridge.Parameters, _ context: CallContext)
    async throws
    -> Sessions.LoadCartridge.Reply
  {
    let author = try author(context)
    let work = try await translated {
      try await desk.loadCartridge(
        profile: parameters.profile, lot: parameters.lot, serial: parameters.serial,
        expires: parameters.expires, by: author)
    }
    return Sessions.LoadCartridge.Reply(cartridge: describe(work))
  }

  public func loadPigment(_ parameters: Sessions.LoadPigment.Parameters, _ context: CallContext) async throws
    -> Sessions.LoadPigment.Reply
  {
    let author = try author(context)
    let loaded = try await translated {
      try await desk.loadPigment(
        maker: parameters.maker, name: parameters.name, shade: parameters.shade, batch: parameters.batch,
        expires: parameters.expires, dilutionPercent: parameters.dilutionPercent ?? 100, by: author)
    }
    return Sessions.LoadPigment.Reply(pigment: describe(loaded.pigment), warnings: loaded.warnings)
  }

  public func addNote(_ parameters: Sessions.AddNote.Parameters, _ context: CallContext) async throws
    -> Sessions.AddNote.Reply
  {
    let author = try author(context)
    try await translated { try await desk.addNote(parameters.text, by: author) }
    return Sessions.AddNote.Reply()
  }

  public func list(_ parameters: Sessions.List.Parameters, _: CallContext) async throws -> Sessions.List.Reply
  {
    let limit = parameters.limit ?? 50
    guard (1...500).contains(limit) else {
      throw Sessions.InvalidValue(field: "limit", value: "\(limit)", limit: "1 to 500")
    }
    let before = parameters.beforeAtUs.map { WallTime(sinceEpoch: .microseconds(Int64(clamping: $0))) }
    let found = try await translated { try await desk.list(limit: limit, before: before) }
    return Sessions.List.Reply(sessions: found.map(summary))
  }

  public func get(_ parameters: Sessions.Get.Parameters, _: CallContext) async throws -> Sessions.Get.Reply {
    let work = try await translated { try await desk.find(parameters.id) }
    return Sessions.Get.Reply(session: await describe(work))
  }

  public func verify(_ parameters: Sessions.Verify.Parameters, _: CallContext) async throws
    -> Sessions.Verify.Reply
  {
    let work = try await recorded(parameters.id)
    guard work.entry.closedAt != nil else {
      throw Sessions.WrongState(is: "session \(work.id) is not closed", needed: "close it first")
    }
    let files = try await translated { try await desk.files(of: parameters.id) }
    let verdict = try stored { try SessionFile.verify(files[0]) }
    var findings = verdict.findings
    if verdict.digest.strokes != work.entry.totals.strokes {
      findings.append(
        "the record has \(verdict.digest.strokes) strokes, the catalog \(work.entry.totals.strokes)")
    }
    if let hash = work.entry.fileHash, hash != verdict.sha256 {
      findings.append("the file's SHA-256 is \(verdict.sha256), the audit chain has \(hash)")
    }
    return Sessions.Verify.Reply(
      isIntact: findings.isEmpty, findings: findings, strokes: Int(clamping: verdict.digest.strokes),
      dots: Int(clamping: verdict.digest.dots))
  }

  /// Runs something that reads files.
  func stored<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as SessionLogError {
      throw Sessions.StorageFailed(reason: error.description)
    }
  }
}
