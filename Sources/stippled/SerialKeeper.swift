import LinuxMachine
import Logging

/// Opens the drive's serial port for the loop, and again after it was unplugged. The loop itself never opens a file.
struct SerialKeeper: Sendable {
  let path: String
  let baud: UInt32
  let handover: SerialHandover
  let wakeUp: WakeUp
  let log: Logger

  /// How often an absent port is tried.
  private static var interval: Duration { .seconds(1) }

  /// Tries until the task is cancelled. A drive that is silent on a port that works keeps that port.
  func run() async {
    var reported = ""
    while !Task.isCancelled {
      if handover.isPortNeeded {
        do {
          handover.offer(try SerialPort(path: path, baud: baud))
          wakeUp.signal()
          if !reported.isEmpty { log.info("the drive's port is open again: \(path)") }
          reported = ""
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
