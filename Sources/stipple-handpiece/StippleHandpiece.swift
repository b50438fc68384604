import ArgumentParser
import Glibc
import NeedleSafety
import Units
import VirtualHandpiece

@main
struct StippleHandpiece: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stipple-handpiece",
    abstract:
      "The virtual handpiece as a process of its own, wired to a gpio-sim chip and a pseudo-terminal.",
    discussion: """
      It follows the outputs of whoever holds the chip's lines, drives the inputs at the instants physics gives, and answers
      as the drive on a serial line. SIGTERM ends it and writes the summary.
      """)

  @Option(help: "Folder with a folder per signal name, in it the files pull and value. This or --pull-dir.")
  var boardDir: String?
  @Option(help: "Folder with the chip's sim_gpioN/pull files.") var pullDir: String?
  @Option(help: "Folder with the chip's sim_gpioN/value files; the pull folder by default.") var valueDir:
    String?
  @Option(
    help:
      "The chip's line names in order of offset, separated by blanks, or @FILE. Inputs, then outputs, by default."
  )
  var lines: String?
  @Option(help: "Path of the serial port: a symbolic link, made last, when the handpiece is ready.")
  var serial: String
  @Flag(help: "A needle motor and a cam, and the motor's module on the line, instead of a coil.") var rotary =
    false
  @Flag(
    help: "VESCs on the line instead of TMCL modules: number 11 for the depth axis, 10 for a needle motor.")
  var vesc =
    false
  @Option(help: "Script of actions, a line each: 'at 2s pedal down'.") var script: String?
  @Option(help: "Named pipe that takes actions while running: 'pedal down', or 'summary'.") var control:
    String?
  @Option(help: "File for the summary in JSON.") var summary: String?
  @Option(help: "File with one line per stroke.") var strokes: String?
  @Option(help: "Seed of bounces and noise.") var seed: UInt64 = 1
  @Option(help: "SCHED_FIFO priority: above the daemon's, physics waits for nobody.") var priority: Int32 = 90

  func run() throws {
    becomePunctual()
    let signals = StopSignal.install()
    let board = try BoardFiles(layout())
    guard let record = TruthRecord(strokesPath: strokes) else {
      throw ValidationError("cannot write \(strokes ?? ""): check the folder and its permissions")
    }
    var commands: CommandPipe?
    if let control {
      commands = CommandPipe(path: control)
      guard commands != nil else { throw ValidationError("cannot open the pipe \(control)") }
    }
    let now = HostClock.now
    let entries = try script.map { path in try ActionScript.entries(of: try read(path), from: now) } ?? []
    let parameters = rotary ? .rotary : HandpieceParameters()
    let plant =
      vesc ? Plant(vescsOf: parameters, seed: seed, at: now) : Plant(parameters, seed: seed, at: now)
    var run = RigRun(
      plant: plant, timeline: Timeline(entries), board: board, port: DrivePort(link: serial),
      commands: commands,
      record: record, summaryPath: summary)
    run.start()
    try run.plugIn()
    run.run(signals: signals)
  }

  private func layout() throws -> BoardFiles.Layout {
    if let boardDir { return .named(folder: boardDir) }
    guard let pullDir else {
      throw ValidationError("name the simulated chip's files with --board-dir or --pull-dir")
    }
    return .chip(lines: try lineNames(), pullFolder: pullDir, valueFolder: valueDir ?? pullDir)
  }

  private func lineNames() throws -> [String] {
    guard let lines else {
      return InputSignal.allCases.map(\.lineName) + OutputSignal.allCases.map(\.lineName)
    }
    let text = lines.hasPrefix("@") ? try read(String(lines.dropFirst())) : lines
    return text.split { $0 == " " || $0 == "\n" }.map { String($0) }
  }

  /// A real-time task's time-outs have no slack; an ordinary one's may be a tenth of a percent late.
  private func becomePunctual() {
    var parameters = sched_param()
    parameters.sched_priority = priority
    if unsafe sched_setscheduler(0, SCHED_FIFO, &parameters) != 0 {
      complain("no SCHED_FIFO (run as root): edges may be late")
    }
  }

  /// A text file of at most 1 MiB.
  private func read(_ path: String) throws -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ValidationError("cannot open \(path): \(unsafe String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    var count = 0
    while count < bytes.count {
      let more = unsafe bytes.withUnsafeMutableBytes { raw in
        unsafe Glibc.read(descriptor, raw.baseAddress?.advanced(by: count), raw.count - count)
      }
      guard more > 0 else { break }
      count += more
    }
    return String(decoding: bytes[0..<count], as: UTF8.self)
  }
}
