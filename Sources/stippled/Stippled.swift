import ArgumentParser
import Glibc
import HostService
import LinuxMachine
import Profiles

/// The daemon: drives the needle, keeps the record, serves the control socket.
@main
struct Stippled: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stippled",
    abstract: "Drives the needle cartridge of a scalp micropigmentation machine.",
    discussion: """
      The only program allowed to move the needle. Technicians use it through stipplectl.

      Exit codes: 0 ended as asked, 1 failure, 64 usage, 78 a profile or the board is not as it has to be.
      """,
    version: Stippled.softwareVersion)

  static let softwareVersion = "0.1.0"

  @Option(help: ArgumentHelp("Machine profile of this board.", valueName: "file"))
  var machine: String

  @Option(help: ArgumentHelp("Folder with cartridges/ and needles/.", valueName: "dir"))
  var profiles = "/usr/share/stipple"

  @Option(
    help: ArgumentHelp("Settings that a reload (SIGHUP) takes in: log level and metrics.", valueName: "file"))
  var settings: String?

  @Option(help: ArgumentHelp("Where sessions and the catalog are kept.", valueName: "dir"))
  var stateDir = "/var/lib/stipple"

  @Option(help: ArgumentHelp("Where the control socket is made.", valueName: "dir"))
  var runtimeDir = "/run/stipple"

  @Option(
    help: ArgumentHelp("Path of the control socket, instead of RUNTIME-DIR/control.", valueName: "path"))
  var socket: String?

  @Option(help: ArgumentHelp("Years for which session records are kept, 1 to 50.", valueName: "years"))
  var retentionYears = 5

  @Flag(help: "Run the virtual handpiece instead of a board; the machine profile has to be of kind virtual.")
  var virtual = false

  @Option(
    help: ArgumentHelp(
      "Virtual machines: note there what the needle really did, for tests of the record.", valueName: "file"))
  var truth: String?

  @Flag(help: "Check the profiles against the board, move nothing, and exit.")
  var check = false

  @Flag(help: "Put the board's outputs safe and exit: for after a daemon that died. Refused while one lives.")
  var park = false

  func validate() throws {
    guard (1...50).contains(retentionYears) else {
      throw ValidationError("--retention-years takes 1 to 50, not \(retentionYears).")
    }
  }

  private enum ExitStatus {
    /// `EX_CONFIG` of sysexits.h.
    static let configuration = ExitCode(78)
  }

  func run() async throws {
    let machine = try loadMachine()
    if park { return try Parking.run(machine) }
    let library = ProfileLibrary.load(directory: profiles, machine: machine)
    for problem in library.problems { Diagnostics.print(problem.description) }
    let settings = try loadSettings()
    if check { return try check(machine, library) }
    guard machine.kind == .virtual || !virtual else {
      Diagnostics.print(
        "stippled: profile \(machine.name) is of kind \(machine.kind.rawValue); --virtual needs one of kind virtual"
      )
      throw ExitStatus.configuration
    }
    do {
      try await Daemon.run(
        Daemon.Options(
          machine: machine, library: library, machineFile: self.machine, profilesFolder: profiles,
          settings: settings, settingsFile: self.settings, stateFolder: stateDir,
          socket: socket ?? runtimeDir + "/control",
          version: Self.softwareVersion, retentionYears: retentionYears, truth: truth,
          environment: .current))
    } catch let failure as Daemon.Failure {
      Diagnostics.print("stippled: \(failure.description)")
      throw failure.isConfiguration ? ExitStatus.configuration : ExitCode.failure
    }
  }

  /// Reads the machine profile; every problem of it is printed before the daemon gives up.
  private func loadMachine() throws -> MachineProfile {
    let decoded = MachineProfile.load(file: machine)
    for problem in decoded.problems { Diagnostics.print(problem.description) }
    guard let machine = decoded.profile else { throw ExitStatus.configuration }
    guard virtual || park || machine.kind != .virtual else {
      Diagnostics.print("stippled: \(machine.name) is a virtual machine: start it with --virtual")
      throw ExitStatus.configuration
    }
    return machine
  }

  private func loadSettings() throws -> DaemonSettings {
    guard let file = settings else { return DaemonSettings() }
    let decoded = DaemonSettings.load(file: file)
    for problem in decoded.problems { Diagnostics.print(problem.description) }
    guard let settings = decoded.profile else { throw ExitStatus.configuration }
    return settings
  }

  private func check(_ machine: MachineProfile, _ library: ProfileLibrary) throws {
    var passed = library.errors.isEmpty
    if let board = BoardConfiguration(machine) {
      let result = BoardCheck(board)
      for finding in result.findings { print(finding.description) }
      passed = passed && result.passed
    }
    print(
      "\(machine.name): \(library.needleNames.count) needle profiles, \(library.cartridgeNames.count) cartridges"
    )
    print(passed ? "all checks passed" : "some checks failed")
    if !passed { throw ExitStatus.configuration }
  }
}

/// What goes to standard error before the journal is there.
enum Diagnostics {
  static func print(_ text: String) {
    var text = text + "\n"
    text.withUTF8 { bytes in
      _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }
}
