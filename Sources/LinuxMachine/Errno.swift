internal import CLinux

/// What a system call said when it failed.
public struct Errno: Error, Hashable, Sendable {
  /// The C `errno`, positive.
  public let code: Int32

  public init(code: Int32) { self.code = code }

  /// From a shim's result, which is `-errno` when negative.
  init(result: some SignedInteger) { self.init(code: -Int32(result)) }
}

extension Errno: CustomStringConvertible {
  /// "No such file or directory (ENOENT)".
  public var description: String {
    guard let text = unsafe stipple_error_text(code), let name = unsafe stipple_error_name(code) else {
      return "error \(code)"
    }
    return unsafe "\(String(cString: text)) (\(String(cString: name)))"
  }

  /// The symbol alone, "ENOENT", or the number of one that has none.
  public var name: String {
    guard let name = unsafe stipple_error_name(code) else { return String(code) }
    return unsafe String(cString: name)
  }
}

/// A device that could not be used: what was tried, on which device, what the kernel said, and what helps.
public struct DeviceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A gerund phrase: "opening", "setting 115200 baud on".
  public var attempt: String
  /// The device's path.
  public var device: String
  public var cause: Errno

  public init(attempt: String, device: String, cause: Errno) {
    self.attempt = attempt
    self.device = device
    self.cause = cause
  }

  public var description: String {
    "\(attempt) \(device): \(cause)" + (Self.advice[cause.name].map { "; \($0)" } ?? "")
  }

  private static let advice = [
    "EACCES": "give the daemon's user the device's group (see the udev rules that ship)",
    "EBUSY": "another program holds it: stop that one first",
    "ENOENT": "check the wiring and the path in the machine profile",
    "ENOTTY": "the path names something that is not a serial line",
  ]
}
