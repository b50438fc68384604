public import NeedleSafety

/// Where a board's signals are: what a machine profile says, as plain values.
public struct BoardConfiguration: Equatable, Sendable {
  /// How a line is found on the chip.
  public enum Line: Hashable, Sendable, CustomStringConvertible {
    /// By the name the device tree or firmware gives it. It must be unique on the chip.
    case name(String)
    /// By its offset, 0..<number of lines.
    case offset(UInt32)

    public var description: String {
      switch self {
      case .name(let name): name
      case .offset(let offset): "line \(offset)"
      }
    }
  }

  /// The drive's serial line.
  public struct Serial: Hashable, Sendable {
    public var path: String
    /// Bits per second; any rate the driver can make.
    public var baud: UInt32

    public init(path: String, baud: UInt32) {
      self.path = path
      self.baud = baud
    }
  }

  /// The chip's label ("pinctrl-rp1"), name ("gpiochip0") or path ("/dev/gpiochip0").
  public var chip: String
  public var inputs: [InputSignal: Line]
  public var outputs: [OutputSignal: Line]
  /// `nil` on a machine without a serial drive.
  public var serial: Serial?
  /// The kernel's watchdog device that the daemon feeds, such as `/dev/watchdog`; `nil` where none is.
  public var watchdog: String?
  /// The levels of inputs that no line is given for. Low unless the profile says otherwise: an emergency stop that is not
  /// wired reads as open.
  public var unwired: InputLevels
  /// What other programs see as the holder of the lines.
  public var consumer: String

  public init(
    chip: String, inputs: [InputSignal: Line], outputs: [OutputSignal: Line], serial: Serial?,
    watchdog: String? = nil, unwired: InputLevels = InputLevels(bits: 0), consumer: String = "stippled"
  ) {
    self.chip = chip
    self.inputs = inputs
    self.outputs = outputs
    self.serial = serial
    self.watchdog = watchdog
    self.unwired = unwired
    self.consumer = consumer
  }

  /// A board whose lines carry the names of the signal table.
  public static func named(chip: String, serial: Serial?) -> Self {
    Self(
      chip: chip,
      inputs: Dictionary(uniqueKeysWithValues: InputSignal.allCases.map { ($0, .name($0.lineName)) }),
      outputs: Dictionary(uniqueKeysWithValues: OutputSignal.allCases.map { ($0, .name($0.lineName)) }),
      serial: serial)
  }
}
