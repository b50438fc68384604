import ControlLoop
import Glibc
import Logging
import OpenMetrics
import Profiles
import ServiceLifecycle
import SessionLog
import Synchronization
import Treatment
import Units

/// Writes the daemon's figures to a file, again and again: whoever reads it finds one whole state, the old or the new.
final class MetricsService: Service {
  private let desk: Desk
  private let version: String
  private let log: Logger
  private let stateFolder: String
  private let wanted: Mutex<DaemonSettings.Metrics?>

  /// How often the interval is held against the clock, so that a shorter one acts soon.
  private static var tick: Duration { .seconds(1) }

  init(desk: Desk, options: Daemon.Options, log: Logger) {
    self.desk = desk
    version = options.version
    stateFolder = options.stateFolder
    self.log = log
    wanted = Mutex(options.settings.metrics)
  }

  /// Where and how often from now on; `nil` ends it. Whether that is anything new.
  func change(to metrics: DaemonSettings.Metrics?) -> Bool {
    let before = wanted.withLock { wanted in
      defer { wanted = metrics }
      return wanted
    }
    if let before, before.file != metrics?.file { MetricsFile.remove(before.file) }
    return before != metrics
  }

  func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      var reported = ""
      var nextAt = ContinuousClock.now
      while !Task.isCancelled {
        if let metrics = wanted.withLock({ $0 }), ContinuousClock.now >= nextAt {
          let trouble = await write(metrics.file)
          if trouble != reported, !trouble.isEmpty { log.warning("metrics: \(trouble)") }
          reported = trouble
          nextAt = .now + .milliseconds(metrics.interval.inMilliseconds)
        }
        try? await Task.sleep(for: Self.tick)
      }
    }
    // What was true of a daemon that ended on purpose is true no more; of one that died the file's age tells.
    if let file = wanted.withLock({ $0?.file }) { MetricsFile.remove(file) }
  }

  /// Empty, or why it could not be written.
  private func write(_ file: String) async -> String {
    let session = await desk.session.map { $0.isBench ? "bench" : "client" }
    let report = MetricsReport(
      machine: desk.machine.name, version: version, status: desk.status,
      statistics: desk.bridge.statistics.read(), tally: await desk.tally, session: session,
      disk: try? DiskRoom.of(stateFolder))
    return MetricsFile.replace(file, with: MetricsText.text(report.families))
  }
}

/// A small file that is there whole or not at all.
enum MetricsFile {
  /// Writes beside the file and renames over it. Empty, or what failed.
  static func replace(_ path: String, with text: String) -> String {
    // Another ending, or a reader would take the half-written one.
    let draft = path + ".new"
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { return failure("opening", draft) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else {
        defer { close(descriptor) }
        return failure("writing", draft)
      }
      bytes = bytes.dropFirst(written)
    }
    // The daemon's mask keeps its files to itself; these figures are for everyone.
    fchmod(descriptor, 0o644)
    close(descriptor)
    return unsafe rename(draft, path) == 0 ? "" : failure("renaming to", path)
  }

  static func remove(_ path: String) { unsafe unlink(path) }

  private static func failure(_ attempt: String, _ path: String) -> String {
    let reason = unsafe String(cString: strerror(errno))
    return "\(attempt) \(path): \(reason); name another file in the settings"
  }
}
