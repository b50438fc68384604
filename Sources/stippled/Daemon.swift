import Catalog
import ControlInterface
import ControlLoop
import ControlServer
import DriveLink
import Glibc
import HostService
import LinuxMachine
import Logging
import NeedleSafety
import Profiles
import ServiceLifecycle
import StrokeControl
import Treatment
import Units
import UnixSignals
import Varlink
import VirtualHandpiece

/// The composition root: makes every part, connects them, and takes them down in the right order.
enum Daemon {
  struct Options: Sendable {
    var machine: MachineProfile
    var library: ProfileLibrary
    /// Where the machine, and the other profiles, were read from: a reload looks again.
    var machineFile: String
    var profilesFolder: String
    var settings: DaemonSettings
    /// `nil` when there is none.
    var settingsFile: String?
    var stateFolder: String
    var socket: String
    var version: String
    /// Years for which records are kept.
    var retentionYears: Int
    /// Where the virtual handpiece notes what its needle did; for tests.
    var truth: String?
    /// What the service manager says.
    var environment: ServiceEnvironment
  }

  /// Why the daemon could not start, or did not end well.
  struct Failure: Error {
    var description: String
    /// A profile or the board, not the daemon, has to change.
    var isConfiguration = false
  }

  static func run(_ options: Options) async throws {
    let serviceLog = ServiceLog.ofThisProcess(
      identifier: "stippled", environment: options.environment,
      level: options.settings.logLevel.level)
    LoggingSystem.bootstrap { _ in ServiceLogHandler(serviceLog) }
    let log = Logger(label: "stippled")
    let parts = try Parts(options, log, serviceLog)
    try parts.startWatchdog()
    let grant: RealTimeGrant
    do {
      grant = try await parts.startLoop()
    } catch {
      parts.watchdog.stop()
      throw error
    }
    let hasRealTime = grant.isComplete || options.machine.realTime.acceptsNoRealTime
    for refusal in grant.refusals { log.warning("real time: \(refusal)") }
    if !hasRealTime { log.error("arming is refused: this host withheld real-time privileges (see above)") }
    do {
      try await serve(parts, grant, hasRealTime: hasRealTime)
    } catch {
      parts.bridge.stop()
      parts.bridge.requestExit()
      if await parts.thread.ended() { parts.watchdog.stop() }
      throw Failure(description: "\(error)")
    }
    parts.watchdog.stop()
  }

  /// Serves until a signal ends it.
  private static func serve(_ parts: Parts, _ grant: RealTimeGrant, hasRealTime: Bool) async throws {
    let desk = try parts.makeDesk(hasRealTime: hasRealTime)
    await desk.prepare()
    let server = try parts.makeServer(desk, grant)
    let notifier = ServiceNotifier(environment: parts.options.environment)
    var services: [any Service] = [LoopService(parts: parts), DeskService(desk: desk)]
    services.append(
      ControlService(
        server: server, bridge: parts.bridge, options: parts.options, notifier: notifier, log: parts.log))
    if let notifier { services.append(ManagerService(notifier: notifier, desk: desk)) }
    let metrics = MetricsService(desk: desk, options: parts.options, log: parts.log)
    services.append(metrics)
    services.append(
      ReloadService(
        options: parts.options, desk: desk, serviceLog: parts.serviceLog, metrics: metrics,
        notifier: notifier, log: parts.log))
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }))
    try await group.run()
  }
}

/// Runs the loop's thread, last to go: whatever else fails, its last write is the safe one.
struct LoopService: Service {
  let parts: Parts

  func run() async throws {
    try await withThrowingTaskGroup { group in
      if let keeper = parts.serialKeeper { group.addTask { await keeper.run() } }
      group.addTask { try await gracefulShutdown() }
      try await group.next()
      // The serial keeper runs until cancelled; only the shutdown ends this.
      if parts.serialKeeper == nil { _ = try await group.next() }
      group.cancelAll()
    }
    parts.bridge.requestExit()
    guard await parts.thread.ended() else {
      throw Daemon.Failure(description: "the last write of the outputs failed: check the board before use")
    }
  }
}

/// Runs the desk; parks the needle before it goes.
struct DeskService: Service {
  let desk: Desk

  func run() async throws {
    let work = Task { await desk.run() }
    try? await gracefulShutdown()
    await desk.park()
    work.cancel()
    await work.value
  }
}

/// Runs the control socket, first to go.
struct ControlService: Service {
  let server: VarlinkServer
  let bridge: LoopBridge
  let options: Daemon.Options
  let notifier: ServiceNotifier?
  let log: Logger

  func run() async throws {
    try await server.start(at: address)
    log.info("ready on \(options.socket)")
    notifier?.tell(.ready(status: "ready, self-test under way"))
    let keeper = try watchdogKeeper()
    try? await gracefulShutdown()
    // The needle stops before anything else is taken down: closing connections may take its time.
    bridge.stop()
    await server.close()
    keeper?.stop()
  }

  /// The socket that the service manager handed over, or one of our own for the group `stipple`.
  private var address: ServerAddress {
    if let descriptor = options.environment.controlSocket { return .inherited(descriptor: descriptor) }
    return .path(options.socket, mode: 0o660, groupID: HostGroup.identifier(named: "stipple"))
  }

  /// Where the manager wants signs of life.
  private func watchdogKeeper() throws -> ServiceWatchdogKeeper? {
    guard let notifier, let period = options.environment.watchdogMicroseconds else { return nil }
    do throws(Errno) {
      return try ServiceWatchdogKeeper(notifier, periodMicroseconds: period, bridge: bridge)
    } catch {
      throw Daemon.Failure(description: "the thread that feeds the service manager's watchdog: \(error)")
    }
  }
}
