internal import CGpiod

/// Why a board's chip or lines cannot be had.
public enum BoardError: Error, Equatable, Sendable {
  /// No chip has this label, name or path.
  case chipMissing(chip: String)
  /// Several chips carry the label.
  case chipAmbiguous(chip: String)
  case chipUnusable(chip: String, cause: Errno)
  case lineMissing(chip: String, line: String)
  /// Several lines carry the name.
  case lineAmbiguous(chip: String, line: String)
  /// `holder` is the consumer label; the kernel gives no process id. Empty when the holder gave none.
  case lineBusy(chip: String, line: String, holder: String)
  case lineUnusable(chip: String, line: String, cause: Errno)
  /// The drive's serial line.
  case serial(DeviceError)
}

extension BoardError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .chipMissing(let chip):
      "no GPIO chip has the label, name or path '\(chip)': `gpiodetect` lists what there is"
    case .chipAmbiguous(let chip):
      "more than one GPIO chip is labelled '\(chip)': name it by its path"
    case .chipUnusable(let chip, let cause):
      "GPIO chip '\(chip)' cannot be opened: \(cause)"
        + (cause.name == "EACCES" ? "; give the daemon's user the device's group" : "")
    case .lineMissing(let chip, let line):
      "GPIO chip '\(chip)' has no line '\(line)': `gpioinfo` lists its lines"
    case .lineAmbiguous(let chip, let line):
      "GPIO chip '\(chip)' has more than one line named '\(line)': give its offset"
    case .lineBusy(let chip, let line, let holder):
      "line '\(line)' of GPIO chip '\(chip)' is held by "
        + (holder.isEmpty ? "a program that gave no name" : "'\(holder)'") + ": stop that program first"
    case .lineUnusable(let chip, let line, let cause):
      "the kernel refused line '\(line)' of GPIO chip '\(chip)': \(cause)"
    case .serial(let error): error.description
    }
  }
}

extension BoardError {
  init(_ problem: stipple_gpio_problem) {
    let chip = Self.text(problem.chip)
    let line = Self.text(problem.line)
    let cause = Errno(code: problem.error)
    self =
      switch problem.kind {
      case STIPPLE_GPIO_CHIP_MISSING: .chipMissing(chip: chip)
      case STIPPLE_GPIO_CHIP_AMBIGUOUS: .chipAmbiguous(chip: chip)
      case STIPPLE_GPIO_LINE_MISSING: .lineMissing(chip: chip, line: line)
      case STIPPLE_GPIO_LINE_AMBIGUOUS: .lineAmbiguous(chip: chip, line: line)
      case STIPPLE_GPIO_LINE_BUSY: .lineBusy(chip: chip, line: line, holder: Self.text(problem.holder))
      case STIPPLE_GPIO_LINE_FAILED: .lineUnusable(chip: chip, line: line, cause: cause)
      default: .chipUnusable(chip: chip, cause: cause)
      }
  }

  /// The text of a C character array.
  static func text<Characters>(_ characters: Characters) -> String {
    unsafe withUnsafeBytes(of: characters) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
