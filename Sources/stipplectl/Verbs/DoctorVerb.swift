import ArgumentParser
import ControlInterface
import Varlink

struct DoctorVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Looks at the host and at how punctually the loop wakes, and says what to change.",
    discussion: """
      It reads and changes nothing, and works without a daemon, too. The loop's wakes are those since the daemon was started, and
      those of the next seconds. The status is 8 when something has to change.
      """)
  static let deed = "examine the host"

  /// How often the bar moves.
  private static let step = Duration.milliseconds(100)

  @OptionGroup var common: CommonOptions
  @Option(
    help: ArgumentHelp("The daemon's folder, for the room on its disk.", valueName: "folder"),
    completion: .directory)
  var state = "/var/lib/stipple"
  @Option(
    help: ArgumentHelp("How long to watch the loop wake, 0 to 60; 3 when left out.", valueName: "seconds"))
  var seconds = 3

  func validate() throws {
    guard (0...60).contains(seconds) else {
      throw ValidationError("--seconds takes 0 to 60, not \(seconds).")
    }
  }

  func run(on console: Console) async throws { try await run(on: console, host: .this()) }

  func run(on console: Console, host: ExaminedHost) async throws {
    let progress = Progress(console, isWanted: !common.json)
    defer { progress.end() }
    let (patient, watched) = await ask(progress)
    let examination = Examination(
      host: host, patient: patient, socket: common.socketPath, stateFolder: state)
    var findings: [Finding] = []
    let parts = examination.parts
    for (number, part) in parts.enumerated() {
      progress.show(number, of: parts.count, part.subject)
      findings.append(part.look())
    }
    if let watched { findings.append(watched) }
    progress.end()
    let isPassed = !findings.contains { $0.verdict == .bad }
    if common.json {
      console.print(JSONWriter.text(json(findings, patient.timing, isPassed), indent: 2))
    } else {
      console.print(
        DiagnosisText(
          findings: findings, timing: patient.timing, paint: console.paint, width: console.width,
          clock: console.clock
        ).text)
    }
    if !isPassed { throw Refused.alreadyToldOf(.verificationFailed) }
  }

  /// What the daemon tells of itself, and how it woke while it was watched.
  private func ask(_ progress: Progress) async -> (Examination.Patient, Finding?) {
    var patient = Examination.Patient()
    do {
      let watched = try await connected { connection in
        let device = Device.Client(connection)
        patient.machine = try await device.getMachine().machine
        patient.status = try await device.getStatus().status
        patient.board = try await device.checkMachine()
        let before = try await device.getTiming()
        await wait(progress)
        let after = try await device.getTiming()
        patient.timing = after
        return seconds > 0 ? WatchedWakes(before: before, after: after).finding(seconds: seconds) : nil
      }
      return (patient, watched)
    } catch {
      patient.silence = Trouble.of(error, deed: Self.deed, socket: common.socketPath).reason
      return (patient, nil)
    }
  }

  private func wait(_ progress: Progress) async {
    let steps = seconds * 10
    for done in 0..<steps {
      progress.show(done, of: steps, "watching the loop wake")
      try? await Task.sleep(for: Self.step)
    }
  }

  private func json(_ findings: [Finding], _ timing: Device.GetTiming.Reply?, _ isPassed: Bool) -> JSONValue {
    var object: JSONObject = [
      "is_passed": .bool(isPassed), "findings": .array(findings.map(\.json)),
    ]
    if let timing { object["timing"] = timing.json }
    return .object(object)
  }
}
