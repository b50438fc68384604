import Glibc
import HostService
import LinuxMachine
import Logging
import Profiles
import ServiceLifecycle
import Treatment
import Units
import UnixSignals

/// SIGHUP: reads again what may change while the daemon runs, and says what of the rest has to wait for a restart.
struct ReloadService: Service {
  let options: Daemon.Options
  let desk: Desk
  let serviceLog: ServiceLog
  let metrics: MetricsService
  let notifier: ServiceNotifier?
  let log: Logger

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() {
      notifier?.tell(.reloading(microseconds: MonotonicClock.now.sinceBoot.count / 1_000))
      let findings = await reload()
      for finding in findings.refused { log.warning("reload: \(finding)") }
      for finding in findings.done { log.notice("reload: \(finding)") }
      let refused = findings.refused.isEmpty ? "" : ", \(findings.refused.count) refused (see the journal)"
      notifier?.tell(.ready(status: "reloaded\(refused)"))
    }
  }

  /// One sentence each.
  struct Findings: Equatable {
    var done: [String] = []
    var refused: [String] = []
  }

  func reload() async -> Findings {
    var findings = Findings()
    reloadSettings(&findings)
    await reloadProfiles(&findings)
    lookAtMachine(&findings)
    if findings == Findings() { findings.done = ["nothing has changed"] }
    return findings
  }

  private func reloadSettings(_ findings: inout Findings) {
    guard let file = options.settingsFile else { return }
    let decoded = DaemonSettings.load(file: file)
    findings.refused += decoded.problems.map(\.headline)
    guard let settings = decoded.profile else { return }
    if serviceLog.level != settings.logLevel.level {
      serviceLog.level = settings.logLevel.level
      findings.done.append("log level \(settings.logLevel.rawValue)")
    }
    if metrics.change(to: settings.metrics) {
      let words = settings.metrics.map { "every \($0.interval) to \($0.file)" } ?? "off"
      findings.done.append("metrics \(words)")
    }
  }

  private func reloadProfiles(_ findings: inout Findings) async {
    let library = ProfileLibrary.load(directory: options.profilesFolder, machine: options.machine)
    do {
      switch try await desk.reload(library) {
      case .unchanged: break
      case .takenIn(let needles, let cartridges):
        findings.done.append("profiles: \((needles + cartridges).joined(separator: ", "))")
      case .refused(let reasons): findings.refused += reasons.map { "profiles: \($0)" }
      }
    } catch {
      findings.refused.append("profiles: \(error)")
    }
  }

  /// The machine is what the loop was built for; a file that says otherwise by now is pointed out, and not taken in.
  private func lookAtMachine(_ findings: inout Findings) {
    let decoded = MachineProfile.load(file: options.machineFile)
    guard let machine = decoded.profile else {
      findings.refused += decoded.errors.map { "machine profile: \($0.headline)" }
      return
    }
    let sections = options.machine.sections(differingFrom: machine)
    guard !sections.isEmpty else { return }
    findings.refused.append(
      "machine profile: \(sections.joined(separator: ", ")) changed; board, drive and limits change with a restart only: systemctl restart stippled"
    )
  }
}

extension DaemonSettings.LogLevel {
  var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}
