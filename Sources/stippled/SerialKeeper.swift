import ControlLoop
import LinuxMachine
import Logging
import StrokeControl

/// Opens the drive's serial port for the loop, and again after it was unplugged. The loop itself never opens a file.
struct SerialKeeper: Sendable {
  let path: String
  let baud: UInt32
  let handover: SerialHandover
  let wakeUp: WakeUp
  let bridge: LoopBridge
  let log: Logger

  /// How often an absent port is tried.
  private static var interval: Duration { .seconds(1) }

  /// Tries until the task is cancelled. A port is opened when the link has been down for two looks in a row: a link that is
  /// merely connecting keeps the port it has.
  func run() async {
    var looksDown = 2
    var reported = ""
    while !Task.isCancelled {
      looksDown = bridge.status.read().drive.link == .down ? looksDown + 1 : 0
      if looksDown >= 2 {
        do {
          handover.offer(try SerialPort(path: path, baud: baud))
          wakeUp.signal()
          if !reported.isEmpty { log.info("the drive's port is open again: \(path)") }
          reported = ""
          looksDown = 0
        } catch {
          let reason = error.description
          if reason != reported { log.error("the drive's port cannot be opened: \(reason)") }
          reported = reason
        }
      }
      try? await Task.sleep(for: Self.interval)
    }
  }
}
