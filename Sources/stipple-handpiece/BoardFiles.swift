import Glibc
import NeedleSafety
import VirtualHandpiece

/// A simulated GPIO chip's files: inputs are driven through `sim_gpioN/pull`, outputs followed through `sim_gpioN/value`.
struct BoardFiles: ~Copyable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private var pulls: [CInt]
  private var values: [CInt]

  /// Opens the files of every signal; `lines` are the chip's line names in order of offset.
  init(lines: [String], pullFolder: String, valueFolder: String) throws(Failure) {
    var pulls: [CInt] = []
    var values: [CInt] = []
    for signal in InputSignal.allCases {
      let offset = try Self.offset(of: signal.lineName, in: lines)
      pulls.append(try Self.open("\(pullFolder)/sim_gpio\(offset)/pull", O_WRONLY))
    }
    for signal in OutputSignal.allCases {
      let offset = try Self.offset(of: signal.lineName, in: lines)
      values.append(try Self.open("\(valueFolder)/sim_gpio\(offset)/value", O_RDONLY))
    }
    self.pulls = pulls
    self.values = values
  }

  deinit {
    for descriptor in pulls { close(descriptor) }
    for descriptor in values { close(descriptor) }
  }

  /// The descriptors to wait on for changes of the outputs.
  var valueDescriptors: [CInt] { values }

  /// Drives an input line. `false` when the kernel refused.
  func drive(_ signal: InputSignal, high: Bool) -> Bool {
    let word: StaticString = high ? "pull-up" : "pull-down"
    let count = unsafe pwrite(pulls[Int(signal.rawValue)], word.utf8Start, word.utf8CodeUnitCount, 0)
    return count == word.utf8CodeUnitCount
  }

  /// Reads an output's level, which also arms its next notification; `nil` when it cannot be read.
  func level(of signal: OutputSignal) -> Bool? {
    var byte: UInt8 = 0
    guard unsafe pread(values[Int(signal.rawValue)], &byte, 1, 0) == 1 else { return nil }
    return byte == UInt8(ascii: "1")
  }

  private static func offset(of name: String, in lines: [String]) throws(Failure) -> Int {
    guard let offset = lines.firstIndex(of: name) else {
      throw Failure(
        description: "no line is named \(name); name every line of the chip with --lines, in order of offset")
    }
    return offset
  }

  private static func open(_ path: String, _ mode: CInt) throws(Failure) -> CInt {
    let descriptor = unsafe Glibc.open(path, mode | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(
        description:
          "cannot open \(path): \(reason); --pull-dir is the chip's folder under /sys/devices/platform")
    }
    return descriptor
  }
}
