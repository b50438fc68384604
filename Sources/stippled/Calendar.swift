import Glibc
import LinuxMachine

/// Whether this host's calendar can be believed.
enum Calendar {
  /// A time server has set it since the board was started, or it came from a battery clock.
  static var isKept: Bool { MonotonicClock.isSynchronised || cameFromBatteryClock }

  /// The kernel set the clock from the first real-time clock when it was started: `hctosys` of its device reads 1.
  private static var cameFromBatteryClock: Bool { line("/sys/class/rtc/rtc0/hctosys") == "1" }

  /// Tells one start of the board from another; empty where the kernel does not say.
  static var bootIdentifier: String { line("/proc/sys/kernel/random/boot_id") ?? "" }

  private static func line(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
