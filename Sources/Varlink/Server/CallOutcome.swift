/// How a call ended.
enum CallOutcome: Equatable, Sendable {
  /// The last reply, with its NUL.
  case reply([UInt8])
  /// The caller wanted no reply.
  case silent
  /// The handler was cancelled, because its reader or the server went away: the connection has no further use.
  case abandoned
}
