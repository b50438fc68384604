import ControlInterface
import Glibc
import Synchronization
import Varlink

@testable import stipplectl

/// A stub daemon on a socket of its own, and the command line run against it in this process.
struct Bench {
  struct Outcome: Equatable {
    var status: ExitStatus
    var output: String
    var errors: String
  }

  let machine = StubMachine()
  let socket = "/tmp/stipplectl-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  /// What the person types when asked; nil is the end of the input.
  var typed: String?
  var width = 80
  /// What the person's editor does to the file it is given; returns its exit status.
  var editor: @Sendable (_ path: String, _ line: Int?) -> Int32 = { _, _ in 1 }
  /// What is answered where time runs out; nil where nobody sits at a terminal.
  var inTime: CountdownPrompt.Answer?

  /// Runs the command line with the socket named in the environment's place.
  func run(_ words: String...) async -> Outcome { await run(words, json: false) }
  func run(_ words: [String]) async -> Outcome { await run(words, json: false) }
  func json(_ words: String...) async -> Outcome { await run(words, json: true) }

  private func run(_ words: [String], json: Bool) async -> Outcome {
    let (output, errors) = (Memory(), Memory())
    let (typed, editor, inTime) = (typed, editor, inTime)
    let ask: @Sendable (String, Duration) -> CountdownPrompt.Answer = { _, _ in inTime ?? .timeIsUp }
    let console = Console(
      write: { output.add($0) }, writeError: { errors.add($0) }, readLine: { typed },
      inputIsTerminal: false, outputIsTerminal: false, errorIsTerminal: false, paint: Paint(isOn: false),
      errorPaint: Paint(isOn: false), width: width, clock: .utc,
      askInTime: inTime == nil ? nil : ask, edit: { path, line throws(Trouble) in editor(path, line) })
    let arguments = words + ["--socket", socket] + (json ? ["--json"] : [])
    let status = await CommandLineRun(arguments: arguments, console: console).execute()
    return Outcome(status: status, output: output.text, errors: errors.text)
  }

  /// Runs the body with the stub listening.
  static func with(_ body: (Bench) async throws -> Void) async throws {
    let bench = Bench()
    let server = try VarlinkServer(
      ServiceInformation(vendor: "v", product: "p", version: "1", url: "u"),
      interfaces: [
        Device.Service(StubDevice(machine: bench.machine)),
        Sessions.Service(StubSessions(machine: bench.machine)),
        Clients.Service(StubClients(machine: bench.machine)),
        Plans.Service(StubPlans(machine: bench.machine)),
        Audit.Service(StubAudit(machine: bench.machine)),
        Profiles.Service(StubProfiles(machine: bench.machine)),
        Simulation.Service(StubSimulation(machine: bench.machine)),
      ])
    try await server.start(at: .path(bench.socket, mode: 0o600))
    do {
      try await body(bench)
    } catch {
      await server.close()
      throw error
    }
    await server.close()
  }
}

/// What was written, in order.
final class Memory: Sendable {
  private let parts = Mutex("")

  var text: String { parts.withLock(\.self) }
  func add(_ text: String) { parts.withLock { $0 += text } }
}
