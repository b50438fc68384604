import ControlInterface
import NeedleSafety
import Profiles
import StrokeControl
import Testing
import Units
import Varlink

@testable import ControlServer
@testable import Treatment

/// Whatever the desk refuses, every interface that asks it has a word for it: a refusal without one would look like a broken daemon.
@Suite struct RefusalTests {
  private static let change = ProposedChange(
    profile: "soft", version: 4, basedOn: 3, author: Practice.author, at: Practice.bootTime,
    differences: [], deadline: Instant(sinceBoot: .seconds(1)))

  private static let refusals: [TreatmentError] = [
    .notReady([.guardClosed, .profile]), .causesRemain([.guardOpened]), .wrongState(.running),
    .wrongSession(is: "no session is open", needed: "open one"),
    .invalidValue(field: "depth", value: "3 mm", limit: "1 mm"),
    .profileRefused(
      [
        ProfileProblem(
          file: "soft.yaml", place: Place(line: 2, column: 8), message: "too deep", value: "3 mm")
      ],
      text: "depth: 3 mm"),
    .beingChanged(change), .notFound(kind: "plan", name: "P9", known: ["P1"]),
    .notAuthorized(role: "service"),
    .storage("the disk is full"), .noAnswer,
  ]

  private func error<Interface: VarlinkNamespace>(_ refusal: TreatmentError, _ interface: Interface.Type)
    -> (any VarlinkError)?
  {
    DeskRefusal(refusal, needed: "standby").error(of: interface)
  }

  @Test(arguments: refusals)
  func everyInterfaceHasAnErrorForIt(refusal: TreatmentError) {
    #expect(error(refusal, Device.self) != nil)
    #expect(error(refusal, Sessions.self) != nil)
    #expect(error(refusal, Clients.self) != nil)
    #expect(error(refusal, Plans.self) != nil)
    #expect(error(refusal, Calibration.self) != nil)
    #expect(error(refusal, ControlInterface.Profiles.self) != nil)
  }

  @Test func anInterfaceAnswersTheFormThatItDefines() {
    #expect(
      error(.wrongState(.running), Device.self) as? Device.WrongState == Device.WrongState(state: .running))
    #expect(
      error(.wrongState(.running), Plans.self) as? Plans.WrongState
        == Plans.WrongState(is: "the machine is in the state running", needed: "standby"))
    #expect(
      error(.notReady([.guardClosed]), Device.self) as? Device.NotReady
        == Device.NotReady(unmet: ["guard_closed: the guard is open: close it"]))
    #expect(
      error(.notReady([.guardClosed]), Sessions.self) as? Sessions.WrongState
        == Sessions.WrongState(is: "not ready", needed: "the guard is open: close it"))
    #expect(
      error(.storage("full"), Device.self) as? Device.NotReady
        == Device.NotReady(unmet: ["record_writable: full"]))
    #expect(
      error(.notFound(kind: "fault", name: "x", known: []), Device.self) as? Device.NotFound
        == Device.NotFound(code: "x"))
    #expect(
      error(.notFound(kind: "plan", name: "P9", known: ["P1"]), Calibration.self) as? Calibration.InvalidValue
        == Calibration.InvalidValue(field: "plan", value: "P9", limit: "one that exists"))
  }
}
