public import NeedleSafety

/// A line of a GPIO chip, as the machine profile names it.
public enum GpioLine: Hashable, Sendable, CustomStringConvertible {
  /// By the name the board's device tree gives it.
  case name(String)
  /// By its offset on the chip: on a Raspberry Pi's header chip, the BCM number.
  case offset(UInt32)

  public var description: String {
    switch self {
    case .name(let name): name
    case .offset(let offset): "\(offset)"
    }
  }
}

/// The chip and every line of a board, by signal. All signals are present: the decoder refuses a profile that leaves one out.
public struct GpioLayout: Equatable, Sendable {
  /// The chip's label (`pinctrl-rp1`) or name (`gpiochip0`).
  public let chip: String
  /// In the order of `InputSignal.allCases`.
  public let inputs: [GpioLine]
  /// In the order of `OutputSignal.allCases`.
  public let outputs: [GpioLine]

  public func line(_ signal: InputSignal) -> GpioLine { inputs[Int(signal.rawValue)] }
  public func line(_ signal: OutputSignal) -> GpioLine { outputs[Int(signal.rawValue)] }

  /// Highest offset taken; the largest chips in the kernel's own drivers stay far below.
  static let highestOffset: Int64 = 1_023
}

extension GpioLayout {
  static func read(_ section: SectionReader) -> GpioLayout? {
    let chip = section.text("chip", expected: "a chip's label or name such as pinctrl-rp1")
    let inputSection = section.section("inputs")
    let outputSection = section.section("outputs")
    var taken: [GpioLine: String] = [:]
    let inputs = inputSection.map { read(InputSignal.allCases.map(\.lineName), from: $0, taken: &taken) }
    let outputs = outputSection.map { read(OutputSignal.allCases.map(\.lineName), from: $0, taken: &taken) }
    section.finish()
    guard let chip, let inputs, let outputs else { return nil }
    guard inputs.count == InputSignal.allCases.count, outputs.count == OutputSignal.allCases.count else {
      return nil
    }
    return GpioLayout(chip: chip, inputs: inputs, outputs: outputs)
  }

  private static func read(
    _ signals: [String], from section: SectionReader, taken: inout [GpioLine: String]
  ) -> [GpioLine] {
    var lines: [GpioLine] = []
    for signal in signals {
      guard let line = line(signal, in: section) else { continue }
      if let other = taken[line] {
        section.error("'\(signal)': line \(line) is already \(other)", at: signal)
        continue
      }
      taken[line] = signal
      lines.append(line)
    }
    section.finish()
    return lines
  }

  private static func line(_ signal: String, in section: SectionReader) -> GpioLine? {
    guard let (text, quoted) = section.scalar(signal, expected: "a line's name or offset") else { return nil }
    guard !quoted, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return .name(text) }
    return section.count(signal, in: 0...highestOffset).map { .offset(UInt32(clamping: $0)) }
  }
}
