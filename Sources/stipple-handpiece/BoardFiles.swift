import Glibc
import NeedleSafety
import VirtualHandpiece

/// A simulated GPIO chip's files: inputs are driven through `sim_gpioN/pull`, outputs followed through `sim_gpioN/value`.
struct BoardFiles: ~Copyable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let pulls: [CInt]
  private let values: [CInt]

  /// Where the two files of a signal are.
  enum Layout {
    /// Folders `sim_gpioN` with N the place of the signal's name in `lines`.
    case chip(lines: [String], pullFolder: String, valueFolder: String)
    /// Folders with the signals' names.
    case named(folder: String)

    func pull(_ name: String) throws(Failure) -> String { "\(try folder(of: name, isPull: true))/pull" }
    func value(_ name: String) throws(Failure) -> String { "\(try folder(of: name, isPull: false))/value" }

    private func folder(of name: String, isPull: Bool) throws(Failure) -> String {
      switch self {
      case .named(let folder): return "\(folder)/\(name)"
      case .chip(let lines, let pullFolder, let valueFolder):
        guard let offset = lines.firstIndex(of: name) else {
          throw Failure(
            description:
              "no line is named \(name); name every line of the chip with --lines, in order of offset")
        }
        return "\(isPull ? pullFolder : valueFolder)/sim_gpio\(offset)"
      }
    }
  }

  /// Opens the files of every signal.
  init(_ layout: Layout) throws(Failure) {
    var pulls: [CInt] = []
    var values: [CInt] = []
    for signal in InputSignal.allCases {
      pulls.append(try Self.open(try layout.pull(signal.lineName), O_WRONLY))
    }
    for signal in OutputSignal.allCases {
      values.append(try Self.open(try layout.value(signal.lineName), O_RDONLY))
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

  private static func open(_ path: String, _ mode: CInt) throws(Failure) -> CInt {
    let descriptor = unsafe Glibc.open(path, mode | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(
        description:
          "cannot open \(path): \(reason); --board-dir or --pull-dir has to name the simulated chip's files")
    }
    return descriptor
  }
}
