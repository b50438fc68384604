import ControlInterface
import Glibc
import SessionLog
import Testing
import Varlink

@testable import stipplectl

/// What is said when the daemon is not there, does not answer, or does not allow it.
@Suite struct ConnectionTests {
  @Test(arguments: [
    ["status"], ["arm"], ["fault", "list"], ["selftest"], ["session", "list"], ["profile", "list"],
    ["timing"],
    ["machine", "show"], ["machine", "check"], ["watch"], ["simulate", "pedal", "up"],
  ])
  func withoutADaemonTheStatusIsThreeAndSaysHowToStartIt(_ words: [String]) async {
    let bench = Bench()
    let outcome = await bench.run(words)
    #expect(outcome.status == .notConnected)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("no stippled listens at \(bench.socket).\nStart it"))
  }

  @Test func aStopWithoutADaemonSaysToPressTheEmergencyStop() async {
    let bench = Bench()
    let outcome = await bench.run("stop")
    #expect(outcome.status == .notConnected)
    #expect(
      outcome.errors.hasPrefix(
        "stipplectl: cannot stop the needle: no stippled listens at \(bench.socket).\nPRESS THE EMERGENCY STOP.\n"
      ))
  }

  /// A daemon that was stopped or hangs: the kernel takes the connection and nobody answers.
  @Test func aStopThatAHungDaemonDoesNotAnswerSaysSo() async throws {
    let bench = Bench()
    let listener = try HungListener(bench.socket)
    let outcome = await bench.run("stop")
    listener.close()
    #expect(outcome.status == .notConnected)
    #expect(
      outcome.errors.hasPrefix(
        "stipplectl: cannot stop the needle: stippled took the call and did not answer"))
    #expect(outcome.errors.contains("\nPRESS THE EMERGENCY STOP.\n"))
  }

  @Test func aRoleThatIsMissingIsNamedWithTheGroupThatGivesIt() async throws {
    try await Bench.with { bench in
      bench.machine.refuse(Device.NotAuthorized(role: .technician))
      let outcome = await bench.run("disarm")
      #expect(outcome.status == .notAuthorized)
      #expect(
        outcome.errors == """
          stipplectl: cannot disarm: it needs the role technician.
          Ask an administrator for the group stipple-technician (sudo usermod -aG stipple-technician USER), then log in again.

          """)
    }
  }

  @Test func aStateThatForbidsItIsNamedWithTheWayOut() async throws {
    try await Bench.with { bench in
      bench.machine.refuse(Device.WrongState(state: .running))
      let outcome = await bench.run("selftest")
      #expect(outcome.status == .refusedByState)
      #expect(
        outcome.errors == """
          stipplectl: cannot pass the self-test: the machine is in the state running.
          Release the pedal, and disarm if it is still refused (stipplectl disarm).

          """)
      bench.machine.refuse(Sessions.WrongState(is: "session 7 is open", needed: "close it first"))
      let open = await bench.run("session", "open", "--client", "C")
      #expect(open.status == .refusedByState)
      #expect(
        open.errors == "stipplectl: cannot open a session: session 7 is open.\nNeeded: close it first.\n")
    }
  }

  @Test func aCallThatOnlyReadsLeavesNoDoubtBehind() {
    let said = { (method: String) in
      Trouble.of(
        VarlinkClientError.timedOut(method: method, after: .seconds(10)), deed: "do it", socket: "/s"
      ).advice
    }
    #expect(
      said("org.stipple.Device.GetStatus") == [
        "It may hang: look at the machine, and at its log (journalctl -u stippled)."
      ])
    #expect(
      said("org.stipple.Device.Arm")
        == ["Whether it was carried out is not known: look at the machine, and at stipplectl status."])
  }

  @Test func aReasonIsNotCalledALimit() async throws {
    try await Bench.with { bench in
      bench.machine.refuse(
        Sessions.InvalidValue(
          field: "cartridge", value: "lot X", limit: "cartridge lot X expired on 2020-01-01; fit another"))
      #expect(
        await bench.run("session", "cartridge", "1rl-030", "--lot", "X", "--expires", "2020-01-01").errors
          == """
          stipplectl: cannot register the cartridge: cartridge 'lot X' is not allowed.
          Cartridge lot X expired on 2020-01-01; fit another.

          """)
    }
  }

  @Test func aDepthWithoutItsUnitIsAnInvalidValue() async {
    let outcome = await Bench().run("calibrate", "jog", "0.5")
    #expect(outcome.status == .invalidValue)
    #expect(outcome.errors.hasPrefix("stipplectl: the depth: '0.5' has no unit"))
  }

  @Test func aDiskThatFailedChangedNothing() async throws {
    try await Bench.with { bench in
      bench.machine.refuse(Sessions.StorageFailed(reason: "the disk is full"))
      let outcome = await bench.run("session", "close")
      #expect(outcome.status == .failure)
      #expect(
        outcome.errors.hasPrefix(
          "stipplectl: cannot close the session: the disk is full.\nNothing was changed."))
    }
  }

  @Test func verifyAndRecoverNeedNoDaemonButAFile() async throws {
    let bench = Bench()
    let missing = await bench.run("session", "verify", "/nowhere/x.mcap")
    #expect(missing.status == .notFound)
    #expect(
      missing.errors.hasPrefix("stipplectl: cannot verify the recording: there is no file /nowhere/x.mcap."))
    let file = bench.socket + ".mcap"
    defer { unsafe unlink(file) }
    try TextFile.write(["this is no recording"], to: file)
    #expect(await bench.run("session", "verify", file).status == .verificationFailed)
    let recovered = await bench.run("session", "recover", file, "--output", file + ".new")
    #expect(recovered.status == .failure)
    #expect(!TextFile.exists(file + ".new"))
    #expect(await bench.run("session", "recover", file, "--output", file).errors.contains("exists already"))
  }

  @Test func helpNamesEveryExitStatus() async {
    let outcome = await Bench().run("--help")
    #expect(outcome.status == .ok)
    for status in ExitStatus.allCases {
      #expect(outcome.output.contains("\(status.rawValue)  \(status.meaning)"))
    }
    #expect(await Bench().run("arms").status == .usage)
    #expect(await Bench().run("session", "zone").status == .usage)
  }
}

/// A socket that takes connections and never answers.
private struct HungListener {
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let descriptor = descriptor
    let isBound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, length) == 0
      }
    }
    try #require(isBound && listen(descriptor, 8) == 0)
  }

  func close() {
    Glibc.close(descriptor)
    unsafe unlink(path)
  }
}
