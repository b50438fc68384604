import ControlInterface
import Synchronization
import Varlink

/// What the stub daemon answers, and what it was asked.
final class StubMachine: Sendable {
  struct Script: Sendable {
    var status = Samples.standby
    var session: Sessions.Session? = Samples.session
    var sessions = [Samples.summary]
    var verification = Sessions.Verify.Reply(isIntact: true, findings: [], strokes: 426, dots: 213)
    var selfTestPasses = true
    var boardPasses = true
    var warnings: [String] = []
    var auditVerdict = Audit.Verify.Reply(isIntact: true, lengthEntries: 12, head: Samples.hash)
    var problems: [Profiles.Problem] = []
    /// The change that is tried out.
    var proposal: Profiles.Proposal?
    /// A text with this in it is refused with ``problems``.
    var refusedText: String?
    /// What confirming is answered with, when not with success.
    var confirmation: Profiles.WrongState?
    /// Thrown by every method.
    var refusal: (any Error)?
    /// States that `Watch` sends before it ends.
    var watched: [Device.Status] = []
  }

  let script = Mutex(Script())
  private let asked = Mutex<[String]>([])

  /// The calls so far, as `Method {parameters}`.
  var calls: [String] { asked.withLock(\.self) }

  /// From now on every method answers this error.
  func refuse(_ error: any Error) { script.withLock { $0.refusal = error } }

  func enter(_ method: String, _ parameters: some VarlinkStructure) throws -> Script {
    asked.withLock { $0.append("\(method) \(parameters.json)") }
    let script = script.withLock(\.self)
    if let refusal = script.refusal { throw refusal }
    return script
  }
}
