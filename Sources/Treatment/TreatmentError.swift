public import NeedleSafety
public import Profiles
public import StrokeControl

/// Why the desk refused: what is the case, what is needed, what to do.
public enum TreatmentError: Error, Sendable, Equatable {
  /// Conditions of arming that do not hold.
  case notReady([ArmCondition])
  /// Causes of faults that are still there.
  case causesRemain([FaultCode])
  case wrongState(LifecycleState)
  /// The session, not the machine, is in the wrong state.
  case wrongSession(is: String, needed: String)
  case invalidValue(field: String, value: String, limit: String)
  /// A profile's text is refused: every problem, with its place in the text.
  case profileRefused([ProfileProblem], text: String)
  /// Somebody, perhaps the same person, is trying out another change.
  case beingChanged(ProposedChange)
  case notFound(kind: String, name: String, known: [String])
  /// The author lacks a role that this case of the change needs.
  case notAuthorized(role: String)
  /// The disk or the catalog failed; nothing was changed.
  case storage(String)
  /// The loop did not answer in time.
  case noAnswer
}
