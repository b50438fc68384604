internal import CLinux
internal import Glibc

/// What the kernel says of a watchdog device without opening it: opening would start its clock.
struct WatchdogState: Equatable {
  /// The driver's name for itself, such as `Software Watchdog`; `nil` where the kernel was built not to say.
  var identity: String?
  /// Whether its clock runs: somebody has it open, or left it running. `nil` where the kernel was built not to say.
  var isActive: Bool?

  /// Looks at `/dev/watchdog` (the first one), `/dev/watchdogN` or another device; `nil` when there is none.
  init?(device: String) {
    var status = stat()
    guard unsafe stat(device, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return nil }
    let prefix = "/dev/watchdog"
    guard device.hasPrefix(prefix) else { return }
    let number = device.dropFirst(prefix.count)
    let folder = "/sys/class/watchdog/watchdog" + (number.isEmpty ? "0" : number)
    identity = Self.line(folder + "/identity")
    isActive = Self.line(folder + "/state").map { $0 == "active" }
  }

  /// The first line of a small file.
  private static func line(_ path: String) -> String? {
    let descriptor = unsafe stipple_open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
      unsafe stipple_read(descriptor, bytes.baseAddress, bytes.count)
    }
    guard count > 0 else { return nil }
    return String(decoding: buffer[0..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
