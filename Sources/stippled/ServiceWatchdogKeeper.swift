import ControlLoop
import Glibc
import HostService
import LinuxMachine
import Synchronization

/// Tells the service manager that the daemon is alive, while the loop advances: a loop that hangs is not covered up by a process
/// that lives. The manager then kills the daemon, has the outputs put safe, and starts it anew, in standby.
final class ServiceWatchdogKeeper: Sendable {
  private struct Feeder: Sendable {
    let notifier: ServiceNotifier
    let stopping: WakeUp
    let milliseconds: Int32
    let bridge: LoopBridge
  }

  private let stopping: WakeUp
  private let thread: Mutex<RealTimeThread?>

  /// Feeds three times in each of the manager's periods. Throws when there is no thread to be had.
  init(_ notifier: ServiceNotifier, periodMicroseconds: Int64, bridge: LoopBridge) throws(Errno) {
    stopping = try WakeUp()
    let feeder = Feeder(
      notifier: notifier, stopping: stopping,
      milliseconds: Int32(clamping: max(1, periodMicroseconds / 3_000)), bridge: bridge)
    let request = RealTimeRequest(
      priority: nil, cpu: nil, lockMemory: false, holdCpuLatency: false, stackBytes: 256 * 1024)
    let started = try RealTimeThread(name: "service-alive", request: request, payload: feeder) { feeder, _ in
      Self.run(feeder)
    }
    thread = Mutex(started)
  }

  private static func run(_ feeder: Feeder) {
    var stop = pollfd(fd: feeder.stopping.descriptor, events: Int16(POLLIN), revents: 0)
    var last = feeder.bridge.stepsTaken
    while unsafe poll(&stop, 1, feeder.milliseconds) <= 0 {
      let current = feeder.bridge.stepsTaken
      guard current != last else { continue }
      last = current
      feeder.notifier.tell(.watchdog)
    }
  }

  /// Ends the feeding; the manager has been told that the daemon stops.
  func stop() {
    stopping.signal()
    thread.withLock { $0.take() }?.join()
  }
}
