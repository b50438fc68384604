import HostService
import NeedleSafety
import ServiceLifecycle
import StrokeControl
import Treatment

/// Keeps the service manager informed: what `systemctl status` shows, and that the daemon is on its way out.
struct ManagerService: Service {
  let notifier: ServiceNotifier
  let desk: Desk

  /// How often the status is looked at.
  private static var interval: Duration { .seconds(1) }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var told = ""
      while !Task.isCancelled {
        let status = await Self.line(desk)
        if status != told, notifier.tell(.status(status)) { told = status }
        try? await Task.sleep(for: Self.interval)
      }
    }
    notifier.tell(.stopping(status: "parking the needle"))
  }

  /// "standby, needle home, session 20260301-1 open", without a word of whose it is.
  static func line(_ desk: Desk) async -> String {
    let status = desk.status
    let session = await desk.session.map { "session \($0.id) \($0.isInterrupted ? "interrupted" : "open")" }
    let faults = await desk.faults.keys.map(\.name).sorted()
    let parts = [
      status.state.name, "needle \(status.needle.name)", session ?? "no session",
      faults.isEmpty ? "" : "faults: \(faults.joined(separator: " "))",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
