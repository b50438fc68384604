/// An end other than success of which the output already says everything.
enum Refused: Error {
  case alreadyToldOf(ExitStatus)
}
