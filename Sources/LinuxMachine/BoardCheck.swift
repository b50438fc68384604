internal import CGpiod
internal import Glibc
internal import NeedleSafety

/// Holds a board against its configuration without requesting a line or moving anything: what `stippled --check` prints.
public struct BoardCheck: Equatable, Sendable {
  public struct Finding: Equatable, Sendable, CustomStringConvertible {
    /// What was looked at: "chip", a signal's name, "serial line".
    public var subject: String
    public var passed: Bool
    /// What was found, or what is wrong and what to do.
    public var detail: String

    public init(subject: String, passed: Bool, detail: String) {
      self.subject = subject
      self.passed = passed
      self.detail = detail
    }

    public var description: String { "\(passed ? "ok" : "FAILED")  \(subject): \(detail)" }
  }

  /// Who asks: what it holds itself is not busy.
  public enum Asker: Equatable, Sendable {
    /// A program that holds nothing of the board.
    case bystander
    /// The process that holds the board's lines, and the serial line while that works; it feeds the watchdog device.
    case holder(hasSerial: Bool)
  }

  /// In the order chip, outputs, inputs, serial line, watchdog device.
  public private(set) var findings: [Finding]
  private let asker: Asker

  public var passed: Bool { findings.allSatisfy(\.passed) }

  /// Looks the chip, every line, the serial line and the watchdog device up. A serial line that nobody holds is opened and
  /// closed again, which discards what waits in it. The watchdog device is not opened: that would start its clock.
  public init(_ configuration: BoardConfiguration, asker: Asker = .bystander) {
    findings = []
    self.asker = asker
    guard checkChip(configuration.chip) else { return }
    var signalAt: [UInt32: String] = [:]
    for signal in OutputSignal.allCases {
      guard let line = configuration.outputs[signal] else { continue }
      checkLine(line, of: configuration, as: signal.lineName, taken: &signalAt)
    }
    for signal in InputSignal.allCases {
      guard let line = configuration.inputs[signal] else { continue }
      checkLine(line, of: configuration, as: signal.lineName, taken: &signalAt)
    }
    if let serial = configuration.serial { checkSerial(serial) }
    if let watchdog = configuration.watchdog { checkWatchdog(watchdog) }
  }

  private mutating func report(_ subject: String, _ passed: Bool, _ detail: String) {
    findings.append(Finding(subject: subject, passed: passed, detail: detail))
  }

  private mutating func checkChip(_ chip: String) -> Bool {
    var state = stipple_gpio_chip_state()
    var problem = stipple_gpio_problem()
    guard unsafe stipple_gpio_look_up_chip(chip, &state, &problem) else {
      report("chip", false, BoardError(problem).description)
      return false
    }
    let library = unsafe String(cString: stipple_gpio_library())
    let name = BoardError.text(state.name)
    report(
      "chip", true, "\(name) '\(BoardError.text(state.label))', \(state.lines) lines, through \(library)")
    return true
  }

  private mutating func checkLine(
    _ line: BoardConfiguration.Line, of board: BoardConfiguration, as signal: String,
    taken: inout [UInt32: String]
  ) {
    let chip = board.chip
    var state = stipple_gpio_line_state()
    var problem = stipple_gpio_problem()
    let found =
      switch line {
      case .name(let name):
        unsafe name.withCString { text in
          var wanted = unsafe stipple_gpio_line(name: text, offset: 0, bit: 0)
          return unsafe stipple_gpio_look_up_line(chip, &wanted, &state, &problem)
        }
      case .offset(let offset):
        Self.lookUp(offset, of: chip, &state, &problem)
      }
    guard found else { return report(signal, false, BoardError(problem).description) }
    if let other = taken.updateValue(signal, forKey: state.offset) {
      return report(signal, false, "line \(state.offset) is \(other) already: each signal needs its own line")
    }
    let holder = BoardError.text(state.holder)
    let isOurs = asker != .bystander && holder == board.consumer
    guard !state.used || isOurs else {
      return report(
        signal, false, BoardError.lineBusy(chip: chip, line: line.description, holder: holder).description)
    }
    guard state.used || asker == .bystander else {
      return report(signal, false, "line \(state.offset) is not held by the daemon any more: restart it")
    }
    let name = BoardError.text(state.name)
    let label = name.isEmpty ? "without a name" : "'\(name)'"
    let direction = state.output ? "an output" : "an input"
    report(signal, true, "line \(state.offset) \(label), \(direction) now, \(isOurs ? "held" : "free")")
  }

  private static func lookUp(
    _ offset: UInt32, of chip: String, _ state: inout stipple_gpio_line_state,
    _ problem: inout stipple_gpio_problem
  ) -> Bool {
    var wanted = unsafe stipple_gpio_line(name: nil, offset: offset, bit: 0)
    return unsafe stipple_gpio_look_up_line(chip, &wanted, &state, &problem)
  }

  private mutating func checkSerial(_ serial: BoardConfiguration.Serial) {
    if asker == .holder(hasSerial: true) {
      return report("serial line", true, "\(serial.path) at \(serial.baud) baud, held")
    }
    do throws(DeviceError) {
      let port = try SerialPort(path: serial.path, baud: serial.baud)
      let latency = port.lowLatency ? "low latency" : "no low-latency setting"
      report("serial line", true, "\(serial.path) at \(port.baud) baud, \(latency)")
    } catch {
      report("serial line", false, error.description)
    }
  }

  private mutating func checkWatchdog(_ device: String) {
    let subject = "watchdog device"
    guard let state = WatchdogState(device: device) else {
      return report(
        subject, false,
        "there is no device \(device): load its driver, or name another in the machine profile")
    }
    let name = state.identity.map { "\(device) '\($0)'" } ?? device
    // Where the kernel does not say whether it runs, the daemon's start says.
    switch (asker, state.isActive) {
    case (.bystander, true):
      report(
        subject, false,
        "\(name) runs already: stop the program that feeds it, such as systemd (RuntimeWatchdogSec)")
    case (.bystander, _): report(subject, true, "\(name), free")
    case (.holder, false): report(subject, false, "\(name) does not run: restart the daemon")
    case (.holder, _): report(subject, true, "\(name), fed while the loop advances")
    }
  }
}
