import NeedleSafety
import StrokeControl
import Treatment

/// The desk's refusals in the five words that Sessions, Clients and Plans share. An interface can answer only its own errors, so
/// each handler says them again in its own.
enum DeskRefusal: Error {
  case notAuthorized(role: String)
  case wrongState(is: String, needed: String)
  case invalidValue(field: String, value: String, limit: String)
  case notFound(kind: String, name: String, known: [String])
  case storageFailed(reason: String)

  init(_ error: TreatmentError) {
    self =
      switch error {
      case .wrongState(let state):
        .wrongState(is: "the machine is \(state.name)", needed: "standby: disarm first")
      case .wrongSession(let state, let needed): .wrongState(is: state, needed: needed)
      case .invalidValue(let field, let value, let limit):
        .invalidValue(field: field, value: value, limit: limit)
      case .notFound(let kind, let name, let known): .notFound(kind: kind, name: name, known: known)
      case .notAuthorized(let role): .notAuthorized(role: role)
      case .storage(let reason): .storageFailed(reason: reason)
      case .notReady(let unmet):
        .wrongState(is: "not ready", needed: unmet.map(\.remedy).joined(separator: "; "))
      case .causesRemain(let codes):
        .wrongState(is: "faults are present", needed: codes.map(\.name).joined(separator: ", "))
      case .noAnswer: .wrongState(is: "the control loop did not answer in time", needed: "try again")
      }
  }
}
