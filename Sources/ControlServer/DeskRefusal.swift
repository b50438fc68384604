import NeedleSafety
import Profiles
import StrokeControl
import Treatment
import Varlink

/// The desk's refusals in the words of an interface. An interface may answer its own errors only, and they share their names: a refusal
/// takes the first of its forms that the interface defines.
struct DeskRefusal {
  /// An error's name within its interface, and its parameters.
  private typealias Form = (name: String, parameters: JSONObject)

  private let forms: [Form]

  /// `needed` says what must be the case instead of a state of the machine.
  init(_ error: TreatmentError, needed: String) {
    forms =
      switch error {
      case .wrongState(let state):
        [
          Self.wrongState("the machine is in the state \(state.name)", needed),
          ("WrongState", ["state": .string(state.name)]),
        ]
      case .wrongSession(let state, let needed):
        [Self.wrongState(state, needed), Self.notReady(["session: \(state); \(needed)"])]
      case .invalidValue(let field, let value, let limit): [Self.invalidValue(field, value, limit)]
      case .profileRefused(let problems, _):
        [Self.invalidValue("profile", problems.first?.value ?? "", problems.first?.message ?? "")]
      case .beingChanged(let change):
        [
          Self.wrongState("\(change.title) is tried out", "confirm or reject it first"),
          Self.notReady(["profile: \(change.title) is tried out; confirm or reject it first"]),
        ]
      case .notFound(let kind, let name, let known):
        [
          (
            "NotFound",
            [
              "kind": .string(kind), "name": .string(name),
              "known": .array(known.map { .string($0) }),
            ]
          ), ("NotFound", ["code": .string(name)]), Self.invalidValue(kind, name, "one that exists"),
        ]
      case .notAuthorized(let role): [("NotAuthorized", ["role": .string(role)])]
      case .storage(let reason):
        [("StorageFailed", ["reason": .string(reason)]), Self.notReady(["record_writable: \(reason)"])]
      case .notReady(let unmet):
        [
          Self.notReady(unmet.map { "\($0.name): \($0.remedy)" }),
          Self.wrongState("not ready", unmet.map(\.remedy).joined(separator: "; ")),
        ]
      case .causesRemain(let codes):
        [
          Self.notReady(codes.map { "\($0.name): \($0.explanation)" }),
          Self.wrongState("faults are present", codes.map(\.name).joined(separator: ", ")),
        ]
      case .noAnswer:
        [
          Self.notReady(["loop: the control loop did not answer in time; try again"]),
          Self.wrongState("the control loop did not answer in time", "try again"),
        ]
      }
  }

  /// The refusal as one of the interface's errors; `nil` when the interface has none that says it.
  func error<Interface: VarlinkNamespace>(of _: Interface.Type) -> (any VarlinkError)? {
    forms.lazy.compactMap { form in
      Interface.error(named: "\(Interface.interfaceName).\(form.name)", parameters: form.parameters)
    }.first
  }

  private static func wrongState(_ state: String, _ needed: String) -> Form {
    ("WrongState", ["is": .string(state), "needed": .string(needed)])
  }

  private static func notReady(_ unmet: [String]) -> Form {
    ("NotReady", ["unmet": .array(unmet.map { .string($0) })])
  }

  private static func invalidValue(_ field: String, _ value: String, _ limit: String) -> Form {
    ("InvalidValue", ["field": .string(field), "value": .string(value), "limit": .string(limit)])
  }
}
