public import Catalog
public import ControlLoop
public import NeedleSafety
public import Profiles
import SessionLog
public import StrokeControl
public import Units

/// The treatment desk: the session at hand, its record and materials, the profile in use, and permission to arm.
///
/// It stands between clients and the loop. What a client asks is checked here against the catalog and the profiles, handed to
/// the loop as plain numbers, and recorded. It runs on a thread of its own, because disks take their time.
public actor Desk {
  public struct Configuration: Sendable {
    public var machine: MachineProfile
    /// As they stand now: a reload replaces them.
    public var library: ProfileLibrary { libraryCell.library }
    let libraryCell: LibraryCell
    /// Where `catalog.sqlite` and `sessions/` are.
    public var stateFolder: String
    public var software: String
    /// This board's name in records.
    public var host: String
    /// The loop got all it asked of the host, or the machine profile accepts what it did not get.
    public var hasRealTime: Bool
    /// Tells one start of the board from another; empty where it is not known.
    public var bootIdentifier: String
    /// Years for which records are kept.
    public var retentionYears: Int

    public init(
      machine: MachineProfile, library: ProfileLibrary, stateFolder: String, software: String, host: String,
      hasRealTime: Bool, bootIdentifier: String = "", retentionYears: Int = 5
    ) {
      self.bootIdentifier = bootIdentifier
      self.retentionYears = retentionYears
      self.machine = machine
      libraryCell = LibraryCell(library)
      self.stateFolder = stateFolder
      self.software = software
      self.host = host
      self.hasRealTime = hasRealTime
    }

    public var sessionsFolder: String { stateFolder + "/sessions" }
  }

  /// Something worth a line in the journal.
  public typealias Journal = @Sendable (JournalEntry) -> Void

  public nonisolated let bridge: LoopBridge
  let configuration: Configuration
  nonisolated let catalog: Catalog
  let clock: TreatmentClock
  let journal: Journal
  private let executor = DeskExecutor()
  public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  var line: LoopLine
  private var gate = ChangeGate()
  public internal(set) var session: SessionWork?
  /// Keeps the session's record; `nil` without a session, and for an interrupted one.
  var keeper: RecordKeeper?
  /// The confirmed needle profiles by name.
  var shelf: [String: ShelvedProfile] = [:]
  /// The needle profile in use, as it was handed to the loop.
  var inUse: ShelvedProfile?
  var profile: NeedleProfile? { inUse?.profile }
  /// What was handed to the loop lately, by the number it was handed over with.
  var grants: [UInt32: ShelvedProfile] = [:]
  var settingsVersion: UInt32 = 0
  /// The change that is tried out; `nil` while there is none.
  var pending: PendingChange?
  private var isPrepared = false
  /// Evidence of the faults in force, by code.
  public internal(set) var faults: [FaultCode: LatchedFault] = [:]
  var vouched: ArmConditions = []
  /// What happened since the daemon was started, for whoever watches a fleet.
  public internal(set) var tally = Tally()
  /// Grows with every change that a watcher should see.
  public internal(set) var revision: UInt64 = 0
  /// The loop took the settings of the profile in use.
  var settingsAccepted = false
  /// Who acknowledged last, for the record.
  var lastAcknowledger = ""
  /// Why the catalog cannot follow; `nil` while it can.
  var catalogTrouble: String?
  /// The trouble of the record that is in the journal already.
  var reportedTrouble: String?
  /// Time of the newest row in the catalog at start: a clock behind it is wrong.
  var newestRecord = WallTime(sinceEpoch: .zero)
  /// A technician has said in this boot that the date is right.
  var clockIsConfirmed = false
  var seenLevels = InputLevels(bits: 0)
  /// The machine came to rest, and the record does not say so yet.
  var owesSettlement = false
  /// Strokes of the calibration under way that nobody has looked at yet, and what it has come to.
  var calibrationStrokes: [CalibrationStroke] = []
  var calibrationDraft: CalibrationFigures?
  /// The axis's own depth at which the needle is flush with the nose, as the loop has it.
  var zeroInForce = Micrometres.zero
  /// The calibration in force, `nil` without one.
  public internal(set) var calibration: CalibrationEntry?
  public internal(set) var selfTest = SelfTestResult.notRun

  public enum SelfTestResult: Sendable { case notRun, passed, putOff, failed }

  /// A fault in force.
  public struct LatchedFault: Sendable {
    public var fault: Fault
    public var firstSeenAt: WallTime
    var catalogID: Int64?
  }

  public init(
    _ configuration: Configuration, bridge: LoopBridge, catalog: Catalog, clock: TreatmentClock,
    journal: @escaping Journal
  ) {
    self.configuration = configuration
    self.bridge = bridge
    self.catalog = catalog
    self.clock = clock
    self.journal = journal
    line = LoopLine(bridge: bridge)
  }

  /// The status of the loop, now.
  public nonisolated var status: ControllerStatus { bridge.status.read() }

  public nonisolated var machine: MachineProfile { configuration.machine }
  public nonisolated var library: ProfileLibrary { configuration.library }

  /// Takes up what the catalog and the disk hold: before anybody is served.
  public func prepare() async {
    guard !isPrepared else { return }
    isPrepared = true
    reopenInterrupted()
    takeUpProfiles()
    await takeUpCalibration()
  }

  /// Looks at what the loop reported, until the task is cancelled.
  public func run() async {
    await prepare()
    executor.keepTime { [self] in
      assumeIsolated { desk in
        desk.tick()
        return desk.pauseBetweenLooks
      }
    }
    // Nothing ever comes: it ends when the task is cancelled.
    let (ending, continuation) = AsyncStream<Never>.makeStream()
    for await _ in ending {}
    continuation.finish()
    executor.stopKeepingTime()
    tick()
  }

  /// Until the next look, ms: short while an order waits for its answer; 20 keeps what a death may lose of a run within the 50 ms
  /// that are promised, and 40 the first strokes of one that began in between; at rest there are only contacts that change.
  private var pauseBetweenLooks: Int {
    if line.isBusy { return 2 }
    return switch status.state {
    case .standby: 100
    case .armed: 40
    default: 20
    }
  }

  /// Sends an order and waits for the loop's answer.
  func order(_ action: Command.Action, within limit: Nanoseconds = .seconds(2)) async throws
    -> CommandOutcome
  {
    let until = clock.now() + limit
    let outcome = await withCheckedContinuation { continuation in
      line.ask(action, until: until, continuation)
    }
    guard let outcome else { throw TreatmentError.noAnswer }
    return outcome
  }

  /// Runs a change while no other one runs.
  func changing<Value: Sendable>(_ change: () async throws -> Value) async throws -> Value {
    await withCheckedContinuation { gate.enter($0) }
    defer { gate.leave() }
    return try await change()
  }

  /// Writes a change into the audit chain; a change that cannot be audited is refused.
  func audit(_ verb: String, _ detail: String, by author: Author) throws {
    do {
      _ = try catalog.appendAudit(auditLine(verb, detail, by: author))
    } catch {
      throw TreatmentError.storage("\(error)")
    }
    recordAction(verb, detail, by: author)
  }

  /// A change's line for the audit chain.
  func auditLine(_ verb: String, _ detail: String, by author: Author) -> AuditEntry {
    AuditEntry(
      at: clock.wall(), actor: author.description, role: author.role, verb: verb, detail: detail,
      session: session?.id ?? "")
  }

  /// Notes in the session's record what is in the audit chain already.
  func recordAction(_ verb: String, _ detail: String, by author: Author) {
    keeper?.record {
      try $0.append(
        ActionRecord(actor: author.name, role: author.role, verb: verb, detail: detail), at: clock.now())
    }
  }

  /// Runs something on the catalog, its errors in the desk's words.
  func catalogued<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as CatalogError {
      throw TreatmentError(error)
    } catch {
      throw TreatmentError.storage("\(error)")
    }
  }

  func note(_ entry: JournalEntry) { journal(entry) }

  /// Replaces the profiles that sessions are done with.
  func replaceLibrary(_ library: ProfileLibrary) {
    configuration.libraryCell.replace(library)
    revision &+= 1
  }
}

/// A line for the journal, with the fields that make it findable. Never the client.
public struct JournalEntry: Sendable {
  public enum Level: Sendable { case info, warning, error }
  public var level: Level
  public var text: String
  public var fields: [String: String]

  init(_ level: Level, _ text: String, _ fields: [String: String] = [:]) {
    self.level = level
    self.text = text
    self.fields = fields
  }
}

extension TreatmentError {
  /// The catalog's refusals are values that cannot be; everything else is the disk.
  init(_ error: CatalogError) {
    guard case .refused(let refusal) = error else {
      self = .storage("\(error)")
      return
    }
    self =
      switch refusal {
      case .sessionAlreadyOpen(let id):
        .wrongSession(is: "session \(id) is open", needed: "close or resume it first")
      case .noSuchSession(let id): .notFound(kind: "session", name: id, known: [])
      case .noSuchClient(let code): .notFound(kind: "client", name: code, known: [])
      case .noSuchPlan(let id): .notFound(kind: "plan", name: id, known: [])
      case .clientExists(let code):
        .invalidValue(field: "client", value: code, limit: "a code that is not taken")
      case .clientInSession(_, let id):
        .wrongSession(is: "session \(id) of this client is open", needed: "close it first")
      case .zoneNotPlanned(let name, let plan, let zones):
        .notFound(kind: "zone in plan \(plan)", name: name, known: zones)
      case .sessionNotOpen(let id, let state): .wrongSession(is: "session \(id) is \(state)", needed: "open")
      case .noSuchZone(let name): .notFound(kind: "zone", name: name, known: Zone.allCases.map(\.name))
      case .noSuchRow(let what, let id): .notFound(kind: what, name: "\(id)", known: [])
      case .cartridgeOfAnotherClient(let lot, _), .cartridgeExpired(let lot, _),
        .cartridgeSpent(let lot, _, _):
        .invalidValue(field: "cartridge", value: "lot \(lot)", limit: refusal.description)
      case .pigmentExpired(let lot, _):
        .invalidValue(field: "pigment", value: "lot \(lot)", limit: refusal.description)
      case .profileProposed(let title):
        .wrongSession(is: "\(title) is proposed", needed: "confirm or reject it first")
      case .profileDecided(let title, let state):
        .wrongSession(is: "\(title) is \(state)", needed: "a version that is still proposed")
      case .invalid(let field, let reason): .invalidValue(field: field, value: "", limit: reason)
      }
  }
}
