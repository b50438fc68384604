import ControlLoop
import LinuxMachine
import Logging
import Synchronization
import Units

/// Has the kernel's watchdog device fed while the loop advances. A daemon that hangs, is stopped or dies leaves it unfed, and the
/// board starts anew; the needle was brought home long before, by the one-shot and the external watchdog.
final class WatchdogKeeper: Sendable {
  private let device = Mutex<HardwareWatchdog?>(nil)

  /// Far more than a loop that is merely late, and no more than any board's device takes (15 s on a Raspberry Pi).
  private static var timeoutSeconds: Int32 { 5 }
  /// Where the driver offers it: time for its notice to reach the kernel's log before the reset.
  private static var pretimeoutSeconds: Int32 { 1 }
  private static var interval: Nanoseconds { .seconds(1) }

  /// Opens the device, which starts its clock, and feeds it from then on.
  func start(path: String, bridge: LoopBridge, log: Logger) throws(DeviceError) {
    let opened = try HardwareWatchdog.open(
      path: path, timeoutSeconds: Self.timeoutSeconds, pretimeoutSeconds: Self.pretimeoutSeconds,
      interval: Self.interval
    ) { bridge.stepsTaken }
    log.info(
      "\(path) resets the board \(opened.timeoutSeconds) s after the loop has stopped\(opened.hasPretimeout ? ", with notice" : "")"
    )
    if !opened.stopsWhenClosed {
      log.warning("\(path) knows no magic close: the board resets whenever the daemon has ended")
    }
    let kept = Optional(opened)
    keep(kept)
  }

  /// Stops the device. Only after the loop's last write, the safe one, has succeeded; otherwise a reset is the better end.
  func stop() {
    guard let opened = device.withLock({ $0.take() }) else { return }
    opened.stop()
  }

  private func keep(_ opened: consuming sending HardwareWatchdog?) {
    device.withLock { $0 = opened.take() }
  }
}
