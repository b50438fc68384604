import Catalog
import ControlInterface
import ControlLoop
import ControlServer
import DriveLink
import HostService
import LinuxMachine
import Logging
import NeedleSafety
import Profiles
import StrokeControl
import Treatment
import Units
import Varlink
import VirtualHandpiece

/// The parts of one daemon.
final class Parts: Sendable {
  let options: Daemon.Options
  let log: Logger
  let serviceLog: ServiceLog
  let bridge: LoopBridge
  let thread = LoopThread()
  let wakeUp: WakeUp
  let mailbox = PersonMailbox()
  let watchdog = WatchdogKeeper()
  private let handover = SerialHandover()
  private let link: LinkedDrive
  private let controller: Controller
  private let catalog: Catalog

  init(_ options: Daemon.Options, _ log: Logger, _ serviceLog: ServiceLog) throws {
    self.options = options
    self.log = log
    self.serviceLog = serviceLog
    do {
      try StateFolder.prepare(options.stateFolder)
      wakeUp = try WakeUp()
      catalog = try Catalog(path: options.stateFolder + "/catalog.sqlite")
    } catch let failure as Daemon.Failure {
      throw failure
    } catch {
      throw Daemon.Failure(description: "\(error)")
    }
    do {
      link = try LinkedDrive(options.machine)
    } catch {
      throw Daemon.Failure(
        description: "machine profile \(options.machine.name), drive: \(error)", isConfiguration: true)
    }
    controller = Controller(parameters: options.machine.parameters)
    let wakeUp = wakeUp
    bridge = LoopBridge(status: controller.status) { wakeUp.signal() }
  }

  /// Where nobody is treated the host's calendar is taken as it is.
  var clock: TreatmentClock {
    let isReal = options.machine.kind == .board
    return TreatmentClock(
      now: { MonotonicClock.now }, wall: { MonotonicClock.wallTime },
      isKept: { !isReal || Calendar.isKept })
  }

  /// Has the board's watchdog device fed, where the profile names one.
  func startWatchdog() throws {
    guard let path = options.machine.watchdog.device else { return }
    do throws(DeviceError) {
      try watchdog.start(path: path, bridge: bridge, log: log)
    } catch {
      throw Daemon.Failure(description: "the watchdog device: \(error)", isConfiguration: true)
    }
  }

  /// What the board is now, held against the profile; nothing is requested or moved.
  @Sendable private func checkBoard() -> [Device.Finding] {
    guard let board = BoardConfiguration(options.machine) else { return [] }
    return BoardCheck(board, asker: .holder(hasSerial: !handover.isPortNeeded)).findings.map {
      Device.Finding(subject: $0.subject, isPassed: $0.passed, detail: $0.detail)
    }
  }

  /// Starts the loop on the board or on the virtual handpiece; returns what the host granted its thread.
  func startLoop() async throws -> RealTimeGrant {
    do {
      guard let board = BoardConfiguration(options.machine) else { return try await startVirtual() }
      return try await startBoard(board)
    } catch let error as BoardError {
      throw Daemon.Failure(description: error.description, isConfiguration: true)
    } catch let error as PseudoTerminal.Failure {
      throw Daemon.Failure(description: "the virtual drive's terminal: \(error)")
    } catch let error as Errno {
      throw Daemon.Failure(description: "the loop's thread could not be started: \(error)")
    }
  }

  private func startVirtual() async throws -> RealTimeGrant {
    let plant = Plant(options.machine, at: MonotonicClock.now)
    let tape = try options.truth.map { path in
      guard let tape = TruthTape(path: path) else {
        throw Daemon.Failure(description: "the file \(path) for --truth cannot be made")
      }
      return tape
    }
    let machine = try VirtualMachine(
      plant: plant, mailbox: mailbox, wakeDescriptor: wakeUp.descriptor, watching: Self.watch, tape: tape)
    log.info("virtual handpiece, its drive on \(machine.serialPath)")
    let loop = ControlLoop(machine: machine, controller: controller, drive: link, bridge: bridge)
    return try await thread.start(loop, profile: options.machine)
  }

  /// The same watch over the virtual drive's terminal as the board has over its serial line; polling where it cannot be had.
  private static func watch(_ terminal: Int32) -> Arrivals {
    guard let watch = try? ArrivalWatch(terminal) else { return .polling(terminal) }
    return Arrivals(descriptor: watch.descriptor) { watch.take() }
  }

  private func startBoard(_ board: BoardConfiguration) async throws -> RealTimeGrant {
    // The port is opened by the serial keeper and handed over, the first time as after an unplug.
    let machine = try LinuxMachine(board, wakeUp: wakeUp, handover: handover, opensSerial: false)
    let found = machine.levelsBeforeOpening
    var loop = ControlLoop(machine: machine, controller: controller, drive: link, bridge: bridge)
    loop.noteOutputsBeforeOpening(found)
    return try await thread.start(loop, profile: options.machine)
  }

  /// Opens the drive's port and reopens it; `nil` on a virtual machine.
  var serialKeeper: SerialKeeper? {
    guard let port = options.machine.drive.port, options.machine.kind != .virtual else { return nil }
    return SerialKeeper(
      path: port, baud: UInt32(clamping: options.machine.drive.baud), handover: handover, wakeUp: wakeUp,
      log: log)
  }

  func makeDesk(hasRealTime: Bool) throws -> Desk {
    let log = log
    return Desk(
      Desk.Configuration(
        machine: options.machine, library: options.library, stateFolder: options.stateFolder,
        software: "stippled \(options.version)", host: HostName.current, hasRealTime: hasRealTime,
        bootIdentifier: Calendar.bootIdentifier, retentionYears: options.retentionYears),
      bridge: bridge, catalog: catalog, clock: clock
    ) { entry in
      let level: Logger.Level =
        switch entry.level {
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
      log.log(level: level, "\(entry.text)", metadata: entry.fields.mapValues { .string($0) })
    }
  }

  func makeServer(_ desk: Desk, _ grant: RealTimeGrant) throws -> VarlinkServer {
    let policy = RolePolicy.ofThisHost()
    let description = MachineDescription(
      priority: grant.fifo == .granted ? Int(options.machine.realTime.priority) : nil,
      cpu: grant.cpu == .granted ? options.machine.realTime.cpu.map { Int($0) } : nil,
      isMemoryLocked: grant.memoryLocked == .granted, warnings: grant.refusals, version: options.version,
      drivePort: options.machine.drive.port)
    var interfaces: [any VarlinkInterface] = [
      Device.Service(
        DeviceHandler(
          desk: desk, policy: policy, clock: clock, description: description, checkBoard: checkBoard)),
      Sessions.Service(SessionsHandler(desk: desk, policy: policy, clock: clock)),
      Calibration.Service(CalibrationHandler(desk: desk, policy: policy)),
      ControlInterface.Profiles.Service(ProfilesHandler(desk: desk, policy: policy, clock: clock)),
      Clients.Service(ClientsHandler(desk: desk, policy: policy)),
      Plans.Service(PlansHandler(desk: desk, policy: policy)),
      Audit.Service(
        AuditHandler(catalogPath: catalog.path, sessionsFolder: options.stateFolder + "/sessions")),
    ]
    if options.machine.kind == .virtual {
      interfaces.append(Simulation.Service(SimulationHandler(policy: policy, perform: simulate)))
    }
    let log = log
    return try VarlinkServer(
      ServiceInformation(
        vendor: "Stipple", product: "stippled", version: options.version, url: "https://stipple.org"),
      interfaces: interfaces, readPeer: Self.readPeer
    ) { method, fault in
      log.error("\(method): \(fault)")
    }
  }

  private static func readPeer(_ descriptor: Int32) throws -> Peer {
    let credentials = try PeerCredentials(descriptor: descriptor)
    return Peer(
      userID: credentials.userID, groupID: credentials.groupID, processID: credentials.processID,
      supplementaryGroupIDs: Array(credentials.groups))
  }

  @Sendable private func simulate(_ action: SimulatedAction) -> SimulationHandler.Outcome {
    let personAction: PersonAction
    switch action {
    case .pedal(let down): personAction = .pedal(down: down)
    case .emergencyStop(let open): personAction = .emergencyStop(open: open)
    case .guardCover(let open): personAction = .guardCover(open: open)
    case .cartridge(let inserted): personAction = .cartridge(seated: inserted)
    case .inject("repair", _): personAction = .repair
    case .inject(let name, let milliseconds):
      guard let fault = VirtualFault(name: name) else { return .unknownFault(known: VirtualFault.examples) }
      personAction = .inject(fault, after: .milliseconds(Int64(milliseconds)))
    }
    guard mailbox.post(personAction) else { return .busy }
    wakeUp.signal()
    return .done
  }
}
